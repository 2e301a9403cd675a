import { createHash } from 'node:crypto';
import { html, trusted, type Html } from '../escape/html';
import { PAGE_SCRIPT } from './script';
import { PAGE_STYLE } from './style';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Nothing is loaded, nothing is sent; only this style and this script apply, and no script may turn text into markup. */
export function contentSecurityPolicy(style = PAGE_STYLE, script = PAGE_SCRIPT): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${sha256(style)}'`,
    `script-src 'sha256-${sha256(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** What one kind of page has beside the common style and script; both are this program's own text. */
export interface PageExtras {
  readonly style?: string;
  readonly script?: string;
}

/** A whole page of one file. */
export function page(title: string, header: Html, main: Html, footer: Html, extras: PageExtras = {}): string {
  const style = PAGE_STYLE + (extras.style ?? '');
  const script = PAGE_SCRIPT + (extras.script ?? '');
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(style, script)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${title}</title><style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">Skip to the results</a>
<header>${header}</header>
<main id="main" tabindex="-1">${main}</main>
<footer>${footer}</footer>
<script>${trusted(script)}</script></body></html>
`.markup;
}
