/** A headless Chromium for the slow test, driven through a pipe with nothing but Node: what a page prints, asks for and looks like. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { isRecord } from '../records.ts';

/** How a page is looked at. */
export interface View {
  readonly scheme: 'light' | 'dark';
  /** In CSS pixels; below 500 a phone. */
  readonly width: number;
}

/** What a page did. */
export interface Visit {
  /** Console messages, exceptions, and what the browser logs itself. */
  readonly messages: readonly string[];
  /** Addresses asked for, but for the page's own. */
  readonly requests: readonly string[];
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** How many pixels the page reaches beyond the view; `innerWidth` would not tell, it grows with the page on a telephone. */
  overflow(): Promise<number>;
  /** The whole page as PNG. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** The program of CHROME_PATH, or the first Chromium or Chrome on PATH; undefined if there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { CHROME_PATH, PATH = '' } = environment;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const onPath = PATH.split(path.delimiter).filter((folder) => folder !== '');
  const places = names.flatMap((name) => onPath.map((folder) => path.join(folder, name)));
  return [...(CHROME_PATH === undefined ? [] : [CHROME_PATH]), ...places].find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Message = Readonly<Record<string, unknown>>;
type Listener = (method: string, about: Message, session: unknown) => void;

/** The DevTools protocol over file descriptors 3 and 4: JSON messages that end with a null byte. */
class Connection {
  readonly #to: Writable;
  readonly #waiting = new Map<number, { done(result: Message): void; fail(error: Error): void }>();
  readonly listeners = new Set<Listener>();
  #last = 0;

  constructor(to: Writable, from: Readable) {
    this.#to = to;
    let rest = '';
    from.setEncoding('utf8').on('data', (chunk: string) => {
      const texts = (rest + chunk).split('\0');
      rest = texts.pop() ?? '';
      for (const text of texts) this.#receive(JSON.parse(text));
    });
  }

  send(method: string, params: Message = {}, session?: string): Promise<Message> {
    this.#last += 1;
    const id = this.#last;
    const message = { id, method, params, ...(session === undefined ? {} : { sessionId: session }) };
    this.#to.write(`${JSON.stringify(message)}\0`);
    return new Promise((done, fail) => this.#waiting.set(id, { done, fail }));
  }

  /** Everything that is still waited for fails. */
  fail(error: Error): void {
    for (const { fail } of this.#waiting.values()) fail(error);
    this.#waiting.clear();
  }

  #receive(message: Message): void {
    const { id, method, params, result, error, sessionId } = message;
    if (typeof id === 'number') {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.done(isRecord(result) ? result : {});
      else waiting?.fail(new Error(`chromium: ${JSON.stringify(error)}`));
    } else if (typeof method === 'string') {
      for (const listener of this.listeners) listener(method, isRecord(params) ? params : {}, sessionId);
    }
  }
}

export interface Browser {
  visit(url: string, view: View): Promise<Visit>;
  close(): Promise<void>;
}

/** Starts a browser with a profile of its own, which `close` removes. */
export function openBrowser(program: string): Browser {
  const profile = mkdtempSync(path.join(tmpdir(), 'chromium-'));
  const child = spawn(
    program,
    [
      ...['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--no-first-run'],
      ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync', 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const connection = connect(child);
  child.once('error', (error) => connection.fail(error));
  child.once('exit', (code) => connection.fail(new Error(`chromium: ended with code ${code}`)));
  return {
    visit: (url, view) => visit(connection, url, view),
    async close() {
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function connect(child: ChildProcess): Connection {
  const [, , , to, from] = child.stdio;
  return new Connection(to as Writable, from as Readable);
}

async function visit(connection: Connection, url: string, { scheme, width }: View): Promise<Visit> {
  const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const send = (method: string, params?: Message) => connection.send(method, params, session);
  const messages: string[] = [];
  const requests: string[] = [];
  const loaded = new Promise<void>((done) => {
    connection.listeners.add((method, about, from) => {
      if (from !== session) return;
      const text = JSON.stringify(about);
      if (/^(Runtime\.(consoleAPICalled|exceptionThrown)|Log\.entryAdded|Audits\.issueAdded)$/.test(method)) {
        messages.push(`${method} ${text}`);
      }
      if (method === 'Network.requestWillBeSent' && isRecord(about.request) && about.request.url !== url) {
        requests.push(String(about.request.url));
      }
      if (method === 'Page.loadEventFired') done();
    });
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Audits']) await send(`${domain}.enable`);
  const isPhone = width < 500;
  await send('Emulation.setDeviceMetricsOverride', {
    width,
    height: 800,
    deviceScaleFactor: isPhone ? 2 : 1,
    mobile: isPhone,
  });
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await send('Emulation.setEmulatedMedia', { features });
  await send('Page.navigate', { url });
  await loaded;
  const evaluate = async (expression: string) => {
    const answer = await send('Runtime.evaluate', { expression, returnByValue: true });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return isRecord(answer.result) ? answer.result.value : undefined;
  };
  return {
    messages,
    requests,
    evaluate,
    overflow: async () => Number(await evaluate('document.documentElement.scrollWidth')) - width,
    async screenshot() {
      const { data } = await send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      return Buffer.from(String(data), 'base64');
    },
    async close() {
      await connection.send('Target.closeTarget', { targetId });
    },
  };
}
