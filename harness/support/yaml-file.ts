import {
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Parser,
  type Document,
} from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './config-error';
import { issueInWords } from './issue-words';
import { meaningOf, schemaAt } from './meaning';
import { readAtMost, TooLargeError } from './read-at-most';
import { suggest } from './suggest';
import { whyUnreadable } from './why-unreadable';

/** No configuration is as large. */
const MAX_FILE_SIZE = 1 << 20;
/** Enough for anchors in earnest, too few for a bomb of aliases. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 50;
/** Nodes are made by recursion: what is nested so deeply is refused before, as not all of Node survives an exhausted stack. */
const MAX_NESTING = 200;
/** Names for aliases, and aliases of them: the parser looks for each through the whole file. */
const MAX_REFERENCES = 1000;
/** What the parser makes of a token takes a hundred times its length; no configuration has as many. */
const MAX_TOKENS = 100_000;
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a small YAML (or JSON) file by a strict schema.
 * @throws ConfigError with file, line and key: for what cannot be read, is no YAML, or does not fit
 */
export async function readYamlFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  return parseYamlBytes(await readBytes(file), file, schema);
}

/** As `readYamlFile`, from what the file holds. `file` is for errors. */
export function parseYamlBytes<T>(bytes: Uint8Array, file: string, schema: z.ZodType<T>): T {
  return parseYaml(textOf(bytes, file), file, schema);
}

/** As `readYamlFile`, from text. `file` is for errors. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parsed(text, file, lines);
  const place = (path: readonly PropertyKey[]): number | null => lineOf(document, lines, path);
  checkKeys(document.contents, [], (path, problem, node) => {
    throw new ConfigError({ file, line: nodeLine(node, lines), path: keyPath(path), problem });
  });
  const result = schema.safeParse(toValue(document, file), { error: issueInWords });
  if (result.success) return result.data;
  const { issues } = result.error;
  // A key that is misspelt is told before the one that it leaves missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  throw describeIssue(issue!, file, place, schema);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readAtMost(file, MAX_FILE_SIZE);
  } catch (error) {
    if (error instanceof TooLargeError)
      throw whole(file, `is ${error.message}: is it the right file?`, error);
    throw whole(file, `cannot be read (${whyUnreadable(error)})`, error);
  }
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw whole(file, 'is not UTF-8 text: save it as UTF-8', error);
  }
}

function whole(file: string, problem: string, cause?: unknown): ConfigError {
  return new ConfigError({ file, line: null, path: '', problem }, { cause });
}

function parsed(text: string, file: string, lineCounter: LineCounter): Document {
  checkTokens(text, file);
  checkNesting(text, file);
  let document: Document;
  try {
    // That keys differ is looked at below: the parser holds each against all before it.
    document = parseDocument(text, {
      ...{ lineCounter, prettyErrors: false, stringKeys: true, uniqueKeys: false },
    });
  } catch (error) {
    throw whole(file, `is no YAML that can be read (${(error as Error).message})`, error);
  }
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line } = lineCounter.linePos(problem.pos[0]);
    throw new ConfigError(
      { file, line, path: '', problem: `no YAML: ${problem.message}` },
      { cause: problem },
    );
  }
  return document;
}

/** Before anything is made of them. @throws ConfigError for more than any configuration has */
function checkTokens(text: string, file: string): void {
  let tokens = 0;
  let references = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS)
      throw whole(file, `holds more than a configuration does: is it the right file?`);
    if ((token.startsWith('*') || token.startsWith('&')) && ++references > MAX_REFERENCES)
      throw whole(file, `has more than ${MAX_REFERENCES} anchors and aliases: write out what they stand for`);
  }
}

/** @throws ConfigError for more than the parser has a stack for */
function checkNesting(text: string, file: string): void {
  const left: (readonly [CST.Token, number])[] = [];
  for (const token of new Parser().parse(text)) left.push([token, 0]);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [token, depth] = next;
    if (depth > MAX_NESTING) throw whole(file, 'is nested too deeply');
    if (token.type === 'document' && token.value !== undefined) left.push([token.value, depth]);
    if (!('items' in token)) continue;
    for (const { key, value } of token.items)
      for (const inner of [key ?? null, value ?? null]) if (inner !== null) left.push([inner, depth + 1]);
  }
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    throw whole(file, `has aliases that grow without end (${(error as Error).message})`, error);
  }
}

type Complain = (path: readonly PropertyKey[], problem: string, node: Node | null) => never;

/** Keys that would reach an object's prototype or stand there twice, and nesting that no configuration has. */
function checkKeys(node: unknown, path: readonly PropertyKey[], complain: Complain): void {
  if (path.length > MAX_DEPTH) complain(path.slice(0, 3), 'is nested too deeply', node as Node);
  if (isAlias(node)) return;
  if (isSeq(node)) node.items.forEach((item, i) => checkKeys(item, [...path, i], complain));
  if (!isMap(node)) return;
  const names = new Set<string>();
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    const name = isScalar(key) ? String(key.value) : '';
    if (PROTOTYPE_KEYS.has(name)) complain(path, `the key ${name} is not allowed`, key);
    if (names.has(name)) complain([...path, name], 'stands there twice: leave one', key);
    names.add(name);
    checkKeys(value, [...path, name], complain);
  }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  file: string,
  place: (path: readonly PropertyKey[]) => number | null,
  schema: z.ZodType,
): ConfigError {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const meant = suggest(key, knownKeys(schema, issue.path));
    const problem = `there is no such key${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    const path = [...issue.path, key];
    return new ConfigError({ file, line: place(path), path: keyPath(path), problem });
  }
  return new ConfigError({
    file,
    line: place(issue.path),
    path: keyPath(issue.path),
    problem: issue.message,
    about: issue.path.length === 0 ? undefined : about(schema, issue.path),
  });
}

/** The keys that a strict object schema knows at a path. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const at = schemaAt(schema, path) as { shape?: object } | undefined;
  return Object.keys(at?.shape ?? {});
}

/** What the key is for. */
function about(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  const at = schemaAt(schema, path);
  return at === undefined ? undefined : meaningOf(at)?.description;
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (isMap(parent)) {
      const pair = (parent.items as Pair<Node>[]).find(
        (item) => isScalar(item.key) && item.key.value === key,
      );
      if (pair !== undefined) return nodeLine(pair.key, lines);
    }
    if (isSeq(parent) && typeof key === 'number')
      return nodeLine((parent.items[key] ?? null) as Node | null, lines);
  }
  return null;
}

function nodeLine(node: Node | null, lines: LineCounter): number | null {
  return node?.range ? lines.linePos(node.range[0]).line : null;
}

function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
