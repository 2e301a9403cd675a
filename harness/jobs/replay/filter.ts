import { type Exchange, findProduct, PRODUCTS } from '../../../protocol';
import { ReplayUsageError } from './replay-error';

/** Tells which exchanges are sent again. */
export type ExchangeFilter = (exchange: Exchange) => boolean;

const HELP =
  'expected terms such as index=0-9,20 stream=3 cmid=11b2 product=win7 version=4, all of which must hold';

/**
 * Reads a filter: terms with spaces between, all of which must hold; a term holds where one of its values does, which
 * commas part. `0-9` alone means `index=0-9`.
 * @throws ReplayUsageError
 */
export function parseFilter(text: string): ExchangeFilter {
  const terms = text
    .trim()
    .split(/\s+/)
    .filter((term) => term !== '');
  if (terms.length === 0) throw wrong(text, 'it is empty');
  const tests = terms.map((term) => {
    const [, name = 'index', values = ''] = /^(?:([a-z]+)=)?(.*)$/i.exec(term)!;
    return anyOf(values.split(',').map((value) => test(name.toLowerCase(), value, text)));
  });
  return (exchange) => tests.every((holds) => holds(exchange));
}

const anyOf =
  (tests: readonly ExchangeFilter[]): ExchangeFilter =>
  (exchange) =>
    tests.some((holds) => holds(exchange));

function test(name: string, value: string, text: string): ExchangeFilter {
  switch (name) {
    case 'index':
      return within(range(value, text), ({ index }) => index);
    case 'stream':
      return within(range(value, text), ({ connection }) => connection);
    case 'version':
      return within(range(value, text), ({ request: { content } }) =>
        content.kind === 'malformed' ? Number.NaN : content.value.majorVersion,
      );
    case 'cmid':
      return cmidStarts(value, text);
    case 'product':
      return productIs(value, text);
    default:
      throw wrong(text, `there is no ${name} in it`);
  }
}

function within(
  [from, to]: readonly [number, number],
  numberOf: (exchange: Exchange) => number,
): ExchangeFilter {
  return (exchange) => numberOf(exchange) >= from && numberOf(exchange) <= to;
}

function range(value: string, text: string): [number, number] {
  const [, from, dash, to] = /^(\d{1,9})(-)?(\d{1,9})?$/.exec(value) ?? [];
  if (from === undefined || (dash === undefined && to !== undefined)) {
    throw wrong(text, `${JSON.stringify(value)} is no number or range`);
  }
  const last = dash === undefined ? Number(from) : to === undefined ? Infinity : Number(to);
  if (last < Number(from)) throw wrong(text, `the range ${value} ends before it begins`);
  return [Number(from), last];
}

function cmidStarts(value: string, text: string): ExchangeFilter {
  if (!/^[0-9a-f-]{1,36}$/i.test(value)) throw wrong(text, `${JSON.stringify(value)} is no start of a CMID`);
  const start = value.toLowerCase();
  return ({ request: { content } }) =>
    content.kind === 'clear' && content.value.clientMachineId.startsWith(start);
}

function productIs(value: string, text: string): ExchangeFilter {
  const wanted = value.toLowerCase();
  const known = PRODUCTS.some(({ key, kmsCountedId }) => key === wanted || kmsCountedId === wanted);
  if (!known && !/^[0-9a-f]{8}-/.test(wanted)) {
    throw wrong(
      text,
      `there is no product ${value}; products are ${PRODUCTS.map(({ key }) => key).join(', ')}`,
    );
  }
  return ({ request: { content } }) => {
    if (content.kind !== 'clear') return false;
    const { kmsCountedId } = content.value;
    return kmsCountedId === wanted || findProduct(kmsCountedId)?.key === wanted;
  };
}

function wrong(text: string, problem: string): ReplayUsageError {
  return new ReplayUsageError(`the filter ${JSON.stringify(text)} cannot be used: ${problem}; ${HELP}`);
}
