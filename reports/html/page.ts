import { createHash } from 'node:crypto';
import { html, trusted, type Html } from '../escape/html';
import { PAGE_SCRIPT } from './script';
import { PAGE_STYLE } from './style';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Nothing is loaded, nothing is sent; only this style and this script apply, and no script may turn text into markup. */
export function contentSecurityPolicy(): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${sha256(PAGE_STYLE)}'`,
    `script-src 'sha256-${sha256(PAGE_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** A whole page of one file. */
export function page(title: string, header: Html, main: Html, footer: Html): string {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${title}</title><style>${trusted(PAGE_STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the results</a>
<header>${header}</header>
<main id="main" tabindex="-1">${main}</main>
<footer>${footer}</footer>
<script>${trusted(PAGE_SCRIPT)}</script></body></html>
`.markup;
}
