import { describe, expect, it } from 'vitest';
import { linspace } from '../numerics/grids.ts';
import { exogenousStates, type SavingGridProblem } from './grid-problem.ts';
import { gridSweep } from './grid-sweep.ts';

/** Growth with two productivities; a chain whose rows do not sum to one, and one with a zero. */
const growth: SavingGridProblem = {
  discountFactor: 0.9,
  nodes: linspace(0.1, 0.4, 61),
  transition: Float64Array.of(0.9, 0.1, 0, 0.2, 0.7, 0.1, 0, 0.3, 0.7001),
  available: (k, e) => [0.95, 1, 1.1][e] * k ** 0.35 + 0.2 * k,
  reward: (m, next) => (m > next ? Math.log(m - next) : Number.NEGATIVE_INFINITY),
};

/** T V by trying every node at every state: the first that is best. */
function everyNode(
  { discountFactor: beta, nodes, transition, available, reward }: SavingGridProblem,
  value: Float64Array,
) {
  const states = Math.round(Math.sqrt(transition.length));
  const n = nodes.length;
  const next = new Float64Array(value.length);
  const choice = new Int32Array(value.length);
  for (let e = 0; e < states; e++) {
    const expected = Float64Array.from(nodes, (_, j) => {
      let sum = 0;
      for (let to = 0; to < states; to++) sum += transition[e * states + to] * value[to * n + j];
      return beta * sum;
    });
    nodes.forEach((k, i) => {
      const worth = nodes.map((x, j) => (1 - beta) * reward(available(k, e), x) + expected[j]);
      choice[e * n + i] = worth.indexOf(Math.max(...worth));
      next[e * n + i] = Math.max(...worth);
    });
  }
  return { next, choice };
}

describe('gridSweep', () => {
  it('takes a reward that is NaN, the logarithm of what is below zero, for an impossible one', () => {
    const careless = { ...growth, reward: (m: number, next: number) => Math.log(m - next) };
    const [solver, guarded] = [gridSweep(careless), gridSweep(growth)];
    for (let n = 0; n < 5; n++) expect(solver.sweep()).toEqual(guarded.sweep());
    expect(solver.value).toEqual(guarded.value);
    // Less than the lowest node is available: nothing can be left, which a comparison with NaN would not notice.
    const poor = gridSweep({ ...careless, available: () => 0.05 });
    expect(() => poor.sweep()).toThrow(/no action leaves any of the nodes/);
  });

  it('is the maximum over all nodes, to the last bit, in every sweep', () => {
    const { value, choice, sweep } = gridSweep(growth);
    for (let n = 0; n < 30; n++) {
      const expected = everyNode(growth, value);
      const before = value.slice();
      const { change } = sweep();
      expect(value).toEqual(expected.next);
      expect(choice).toEqual(expected.choice);
      expect(change).toBe(Math.max(...value.map((v, i) => Math.abs(v - before[i]))));
    }
  });

  it.each([
    ['less', growth],
    ['more', { ...growth, available: (k: number, e: number) => (2.5 + 0.2 * e) * k }],
  ])(
    "is the search of the benchmark's programs, to the last bit, whatever the value, where a node up leads %s than a node up",
    (_, problem) => {
      const { nodes, transition, available, reward, discountFactor: beta } = problem;
      const n = nodes.length;
      const solver = gridSweep(problem);
      let value = solver.value.slice();
      for (let sweep = 0; sweep < 30; sweep++) {
        // Not quite concave, and never the same, so that it matters where a search begins and that it stops at the first node which does not improve.
        value.forEach((v, i) => {
          value[i] = v + 1e-3 * Math.sin(37 * i * i + sweep);
        });
        solver.value.set(value);
        const next = new Float64Array(3 * n);
        for (let e = 0; e < 3; e++) {
          let start = 0;
          for (let i = 0; i < n; i++) {
            let best = Number.NEGATIVE_INFINITY;
            for (let j = start; j < n; j++) {
              let expected = 0;
              for (let to = 0; to < 3; to++) expected += transition[3 * e + to] * value[to * n + j];
              const candidate = (1 - beta) * reward(available(nodes[i], e), nodes[j]) + beta * expected;
              if (!(candidate > best)) break;
              best = candidate;
              start = j;
            }
            next[e * n + i] = best;
          }
        }
        value = next;
        solver.sweep();
        expect(solver.value).toEqual(value);
      }
    },
  );

  it('tells how many nodes a choice has moved, which is none in the end', () => {
    const solver = gridSweep(growth);
    const before = solver.choice.slice();
    const first = solver.sweep();
    const moves = solver.choice.map((node, i) => Math.abs(node - before[i]));
    expect(first.moved).toBe(Math.max(...moves));
    const second = solver.choice.slice();
    const { moved } = solver.sweep();
    expect(moved).toBe(Math.max(...solver.choice.map((node, i) => Math.abs(node - second[i]))));
    expect(moved).toBeGreaterThan(0);
    for (let n = 0; n < 100; n++) solver.sweep();
    expect(solver.sweep().moved).toBe(0);
  });

  it('is a contraction: changes fall by the discount factor at least, times the largest sum of a row', () => {
    const { sweep } = gridSweep(growth);
    let last = sweep().change;
    for (let n = 0; n < 80; n++) {
      const { change } = sweep();
      // A few roundings of numbers of order one.
      expect(change).toBeLessThanOrEqual(0.9 * 1.0001 * last + 1e-15);
      last = change;
    }
  });

  it('goes on from saved values and choices as if it had not stopped', () => {
    const whole = gridSweep(growth);
    for (let n = 0; n < 7; n++) whole.sweep();
    const { value, choice } = gridSweep(growth, whole);
    const resumed = gridSweep(growth, { value: value.slice(), choice: choice.slice() });
    for (let n = 0; n < 5; n++) expect(resumed.sweep()).toEqual(whole.sweep());
    expect(resumed.value).toEqual(whole.value);
    expect(resumed.choice).toEqual(whole.choice);
  });

  it('uses rows that do not sum to one as they are: a constant reward of 1 is worth (1 - beta) / (1 - beta sum)', () => {
    const { value, sweep } = gridSweep({
      ...growth,
      transition: Float64Array.of(1.02),
      available: (k) => k,
      reward: () => 1,
    });
    for (let n = 0; n < 400; n++) sweep();
    for (const v of value) expect(v).toBeCloseTo(0.1 / (1 - 0.9 * 1.02), 12);
  });

  it('leaves the least that can be left where less cannot be, and says where nothing can be', () => {
    const floor = (m: number, next: number) =>
      next >= 0.3 * m ? growth.reward(m, next) : Number.NEGATIVE_INFINITY;
    const solver = gridSweep({ ...growth, reward: floor });
    solver.sweep();
    solver.sweep();
    solver.choice.forEach((node, at) => {
      const n = growth.nodes.length;
      const m = growth.available(growth.nodes[at % n], Math.floor(at / n));
      expect(growth.nodes[node]).toBeGreaterThanOrEqual(0.3 * m);
    });
    const poor: SavingGridProblem = { ...growth, available: (k, e) => (e === 1 && k > 0.2 ? 0.05 : 1) };
    expect(() => gridSweep(poor).sweep()).toThrow(
      /at 0\.205\d* in exogenous state 1, where 0\.05 is available.*widen the grid/,
    );
  });

  it('refuses what is no problem', () => {
    expect(() => gridSweep({ ...growth, discountFactor: 1 })).toThrow('discount factor is 1');
    expect(() => gridSweep({ ...growth, nodes: Float64Array.of(1, 1) })).toThrow('the nodes');
    expect(() => gridSweep({ ...growth, transition: Float64Array.of(1, 0, 1) })).toThrow('square matrix');
    expect(() => gridSweep({ ...growth, available: () => Number.NaN })).toThrow('is NaN');
    expect(exogenousStates(growth)).toBe(3);
  });
});
