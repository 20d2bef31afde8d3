/**
 * HTML that cannot be escaped wrongly: whatever is put into a template is text, unless it is HTML made here, and a link is a path
 * below or beside the page.
 */

/** Markup that is safe to write as it is. Only `html`, and `trusted` for what was checked elsewhere, make it. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** A relative path that is safe in `href`. */
export class Link {
  readonly #href: string;

  constructor(href: string) {
    this.#href = href;
  }

  toString(): string {
    return this.#href;
  }
}

/** What a template takes; `undefined` leaves nothing. */
export type Part = string | number | Html | Link | undefined | readonly Part[];

/**
 * A template whose values are escaped, in text and in quoted attributes. Links are allowed in `href` and nothing else is. Throws a
 * TypeError for a value in an unquoted attribute, or a `href` that is no `Link`. Invariant: a value adds no tag and no attribute.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = parts.map((part, i) => {
    const before = strings[i];
    if (/=\s*$/.test(before))
      throw new TypeError(`html: put quotes around the value after ${before.slice(-30)}`);
    const isReference = /\b(href|src|action|srcset|data)\s*=\s*"[^"]*$/i.test(before);
    if (isReference && !(part instanceof Link)) {
      throw new TypeError(`html: ${before.slice(-30)} takes a link made by localLink, not ${String(part)}.`);
    }
    return before + markupOf(part);
  });
  return new Html(pieces.join('') + strings[strings.length - 1]);
}

/** Markup that this program made or checked itself: a style sheet, a drawing that passed `inlineSvg`. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/**
 * A link to a file by its path from the page's folder. Every part of the path is encoded, so that no name becomes a scheme, a query or
 * another host. Throws a TypeError for an empty or an absolute path.
 */
export function localLink(path: string): Link {
  if (path === '' || path.startsWith('/'))
    throw new TypeError(
      `report: link "${path}" must be a path from the page's folder, such as tables/policy.csv.`,
    );
  return new Link(
    path
      .split('/')
      .map((name) => encodeURIComponent(visible(name)))
      .join('/'),
  );
}

/** A link to an element of this page. */
export function anchor(id: string): Link {
  return new Link(`#${encodeURIComponent(visible(id))}`);
}

/** Text with the five characters that mean something in HTML written as references, and what cannot be seen made visible. */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => REFERENCES[character]);
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters but tab and line ends, and marks that turn the direction of what follows: a reader should see them. */
const UNSEEN = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function visible(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(
      UNSEEN,
      (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  if (part instanceof Html || part instanceof Link) return part.toString();
  return part.map(markupOf).join('');
}
