import { createRequire } from 'node:module';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environments } from '../envs/index.ts';
import { defineEconomy, type EconomyState } from './economy.ts';
import { OrderError, UsageError } from './errors.ts';
import { makeBatchedEnv, makeEnv, makeParallelEnv } from './make.ts';
import { instantiate } from './registry.ts';
import { escapeXml, render } from './render.ts';
import { box, unitBox } from './spaces.ts';
import { orchard } from './testing/orchard.ts';
import { EpisodeStatistics } from './wrappers/index.ts';

/** An economy that stays where it is, for a look at any state. */
function still(
  state: EconomyState,
  changes: {
    readonly title?: string;
    readonly variables?: Record<string, { label: string; unit: string }>;
  } = {},
) {
  const env = makeEnv(
    instantiate(
      defineEconomy({
        id: 'still',
        version: 1,
        title: changes.title ?? 'Nothing happens',
        calibration: z.strictObject({}),
        model: () => ({}),
        discountFactor: () => 0.9,
        horizon: () => 10,
        types: () => ({
          owner: {
            count: 1,
            observationSpace: box({ none: [0, 1] }),
            actionSpace: unitBox({ eaten: [0, 1] }),
          },
        }),
        init: () => structuredClone(state),
        observe: () => undefined,
        step: () => undefined,
        variables: () => changes.variables ?? {},
      }),
    ),
  );
  env.reset({ seed: 1 });
  return env;
}

/** 500 wealths 0, 1/499, ..., 1, squared: dense near zero, as wealth is. */
const wealth = Float64Array.from({ length: 500 }, (_, i) => (i / 499) ** 2);
const rich = {
  wealth,
  alive: new Uint8Array(9).fill(1),
  prices: Float64Array.of(1, 2.5, -3),
  mixed: Float64Array.of(Number.NaN, 1, 2, 3, 4, Number.POSITIVE_INFINITY),
  aNameWithoutAnyBreakThatIsMuchWiderThanTheWholePictureAndThenSome: 1 / 3,
  taxRate: 0.25,
};
const words = {
  title: 'A title <b>&"hostile"</b>, and so long that it needs more than one line in a picture of this width',
  variables: {
    wealth: { label: 'wealth', unit: 'units of the good' },
    taxRate: {
      label: 'rate of the tax on everything that the households own at the end of a year',
      unit: '%',
    },
  },
};

const folder = path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));

/** The box of all that is drawn, in the widest font of the list that the picture asks for. */
function boxOf(svg: string) {
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => path.join(folder, 'ttf', file));
  const image = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles } });
  const box = image.getBBox() ?? { x: -1, y: -1, width: 0, height: 0 };
  return {
    left: box.x,
    top: box.y,
    right: image.width - box.x - box.width,
    bottom: image.height - box.y - box.height,
  };
}

describe('a state as text', () => {
  it('is the economy, its numbers in words with units, and the period', () => {
    const env = makeEnv(environments.economy('jesusfv'));
    env.reset({ seed: 1, state: { capital: 0.25, productivity: 2 } });
    const lines = env.render('text').split('\n');
    expect(lines[1]).toBe('jesusfv');
    expect(lines[2]).toMatch(/^ {2}capital +0\.25 +units of the good$/);
    // The level of productivity itself, as info gives it, not its number in the chain.
    expect(lines[3]).toMatch(/^ {2}productivity +1 +level$/);
    expect(lines.at(-1)).toMatch(/^ {2}period +0$/);
    env.step([0]);
    expect(env.render('text')).toMatch(/ {2}period +1$/);
  });

  it('sums arrays up: count, mean, range and a histogram of them', () => {
    const text = still(rich, words).render('text');
    // The mean of (i / 499)^2 over i = 0..499 is 999 / (6 * 499).
    expect(text).toMatch(/wealth +500 values, mean 0\.333667 {2}units of the good\n +0 █[▁▂▃▄▅▆▇█]{23} 1\n/);
    expect(text).toMatch(/alive +9 values, all 1\n/);
    expect(text).toMatch(/prices +1, 2\.5, −3\n/);
    expect(text).toMatch(/mixed +6 values, mean 2\.5, 2 not finite\n/);
    expect(text).toMatch(/ThenSome\n +0\.333333\n/);
  });

  it('is one for all agents of an economy', () => {
    const env = makeParallelEnv(instantiate(orchard));
    env.reset({ seed: 1, options: { fruit: 3 } });
    expect(env.render('text')).toMatch(/fruit +3\n {2}stock +0, 0\n {2}picked +0\n {2}period +0$/);
  });

  it('knows the period under any number of wrappers', () => {
    const env = new EpisodeStatistics(new EpisodeStatistics(makeBatchedEnv(instantiate(orchard))));
    env.reset({ seed: 1 });
    env.step();
    expect(render(env, 'text')).toMatch(/period +1$/);
  });

  it('is there after the first reset only, and of two kinds only', () => {
    const env = makeEnv(environments.economy('jesusfv'));
    expect(() => env.render('text')).toThrow(OrderError);
    expect(() => env.render('svg')).toThrow('render before the first reset');
    env.reset();
    expect(() => env.render('human' as 'text')).toThrow(UsageError);
    expect(() => env.render('human' as 'text')).toThrow('mode is "human"; give "text" or "svg"');
  });
});

describe('a state as SVG', () => {
  const svg = still(rich, words).render('svg');

  it('is the same for the same state', () => {
    expect(still(rich, words).render('svg')).toBe(svg);
    expect(still({ ...rich, taxRate: 0.26 }, words).render('svg')).not.toBe(svg);
  });

  it('says the same as the text', () => {
    expect(svg).toContain('>wealth (units of the good)</text>');
    expect(svg).toContain('>500 values, mean 0.333667</text>');
    expect(svg).toContain('&lt;b&gt;&amp;&quot;hostile&quot;&lt;/b&gt;');
    expect(svg).not.toContain('<b>');
  });

  it('has a bar for every bin with a value', () => {
    const one = still({ wealth: Float64Array.of(0, 0, 0, 0, 1) }).render('svg');
    const heights = [...one.matchAll(/<rect [^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights).toEqual([36, 9]);
    expect(svg.match(/<rect /g)).toHaveLength(24 + 4);
  });

  it('keeps everything within the picture, however long the words are', () => {
    const growth = makeEnv(environments.economy('jesusfv'));
    growth.reset({ seed: 1 });
    const wide = still({ ['W'.repeat(80)]: -1.23456e-100, ['m'.repeat(80)]: new Float64Array(7) });
    for (const picture of [svg, growth.render('svg'), wide.render('svg')]) {
      for (const space of Object.values(boxOf(picture))) expect(space).toBeGreaterThanOrEqual(6);
    }
  });

  it('takes the colour of the page around it, and brings nothing with it', () => {
    expect(svg).toMatch(/^<svg [^>]*fill="currentColor"/);
    expect(svg).not.toMatch(/\sid=|<style|<script|href|url\(|fill="(?!currentColor)/);
  });
});

describe('escaped text', () => {
  it('has no markup and no character that XML refuses', () => {
    expect(escapeXml('<a b="c">&\u0007\ud800𝛽')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;𝛽');
  });
});
