// Data types, source to target. Rule: never an exception; what cannot be cast is null.
//
// A type is the name of a plain cast, a prefix list of the hub's language such as
// ["datetime-format", "%Y-%m-%d", "_."] ("_." is the source value), "unknown", or missing.

import {
  formatDatetime,
  parseDatetime,
  readDatetime,
  toMilliseconds,
  writeDatetime,
  PLAIN_STYLE,
} from './datetimes.js';
import { isEmpty, isNothing, same } from './json.js';

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const YEAR_MS = 365.25 * 86_400_000;

/** The sign that stands for the source value in an expression. */
export const VALUE = '_.';

/** Gives what `value` becomes in the target by a data type. */
export function image(type, value) {
  if (isNothing(type) || type === 'unknown') return value ?? null;
  if (Array.isArray(type)) return evaluate(type, value ?? null);
  if (type === VALUE) return value ?? null;
  return isNothing(value) ? null : (PLAIN[type]?.(value) ?? null);
}

/** Gives a number's shortest decimal: no exponent, no trailing zeros. */
export function textOf(number) {
  if (typeof number === 'bigint') return String(number);
  const text = String(Object.is(number, -0) ? 0 : number);
  const [digits, exponent] = text.split('e');
  if (exponent === undefined) return text;
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole, fraction = ''] = digits.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return `${sign}${all.padEnd(point, '0')}`;
}

/** Gives the number that a value is, or that its text is by JSON's grammar; null for others. */
export function numberOf(value) {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const found = typeof value === 'string' && value.length < 400 ? JSON_NUMBER.exec(value) : null;
  if (!found) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) return null;
  const whole = found[1] === undefined && found[2] === undefined;
  if (whole && !Number.isSafeInteger(number)) return BigInt(value);
  return Object.is(number, -0) ? 0 : number;
}

function toText(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'bigint' ? textOf(value) : null;
}

function toInteger(value) {
  const found = numberOf(value);
  if (found === null || typeof found === 'bigint') return found;
  // Digits after the point that no double can tell apart from the next integer are cut as text.
  const exact = typeof value === 'string' && /^-?[0-9]+\.[0-9]+$/.test(value);
  const cut = exact ? numberOf(value.split('.')[0]) : Math.trunc(found);
  return cut === 0 ? 0 : cut;
}

function toBoolean(value) {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return { true: true, false: false }[value.toLowerCase()] ?? null;
  const found = numberOf(value);
  return found === null ? null : Number(found) !== 0;
}

function toList(value) {
  if (Array.isArray(value)) return value;
  return value === '' ? [] : [value];
}

function toFirst(value) {
  return Array.isArray(value) ? (value[0] ?? null) : value;
}

const PLAIN = {
  __proto__: null,
  string: toText,
  integer: toInteger,
  decimal: numberOf,
  float: numberOf,
  boolean: toBoolean,
  list: toList,
  first: toFirst,
};

/** Lets a function of one last text work on each element of a list. */
function overLists(work) {
  return (...given) => {
    const last = given.at(-1);
    return Array.isArray(last) ? last.map((item) => work(...given.slice(0, -1), item)) : work(...given);
  };
}

const isText = (value) => typeof value === 'string';

function wildcard(pattern) {
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function formatted(format, value) {
  const found = isText(format) && isText(value) ? readDatetime(value) : undefined;
  return found ? formatDatetime(format, found.fields) : null;
}

function parsed(format, value) {
  const fields = isText(format) && isText(value) ? parseDatetime(format, value) : undefined;
  return fields ? writeDatetime(fields, PLAIN_STYLE) : null;
}

function difference(unit, left, right) {
  const [from, to] = [left, right].map((text) => (isText(text) ? readDatetime(text) : undefined));
  if (unit !== 'year' || !from || !to) return null;
  return Math.trunc((toMilliseconds(from.fields) - toMilliseconds(to.fields)) / YEAR_MS);
}

function joined(separator, value) {
  if (!isText(separator) || !Array.isArray(value)) return toText(value);
  return value
    .map(toText)
    .filter((text) => text !== null)
    .join(separator);
}

function isGreater(left, right) {
  const texts = isText(left) && isText(right);
  const numbers = [left, right].every((value) => ['number', 'bigint'].includes(typeof value));
  return (texts || numbers) && left > right;
}

function magnitude(value) {
  return typeof value === 'number' || typeof value === 'bigint' ? (value < 0 ? -value : value) : null;
}

const FUNCTIONS = {
  ...Object.fromEntries(
    Object.entries(PLAIN).map(([name, cast]) => [name, (value) => (isNothing(value) ? null : cast(value))]),
  ),
  __proto__: null,
  if: (condition, then, otherwise = null) => (condition === true ? then : otherwise),
  'if-null': (value, otherwise) => value ?? otherwise,
  or: (...conditions) => conditions.includes(true),
  eq: same,
  neq: (left, right) => !same(left, right),
  gt: isGreater,
  'is-empty': isEmpty,
  'is-null': isNothing,
  'is-decimal': (value) => typeof value === 'number' && !Number.isInteger(value),
  'is-boolean': (value) => typeof value === 'boolean',
  matches: (pattern, value) => isText(pattern) && isText(value) && wildcard(pattern).test(value),
  replace: overLists((old, next, value) =>
    [old, next, value].every(isText) && old !== '' ? value.split(old).join(next) : null,
  ),
  join: joined,
  slice: (start, ...rest) => {
    const value = rest.at(-1);
    if (!Array.isArray(value) && !isText(value)) return null;
    return value.slice(start, rest.length > 1 ? rest[0] : undefined);
  },
  split: overLists((separator, value) =>
    isText(separator) && separator !== '' && isText(value) ? value.split(separator) : null,
  ),
  abs: overLists(magnitude),
  'datetime-format': overLists(formatted),
  'datetime-parse': overLists(parsed),
  'datetime-diff': difference,
  now: () => new Date().toISOString(),
};

/** Gives what an expression makes of a value; null for what is not understood. */
export function evaluate(expression, value) {
  if (!Array.isArray(expression)) return expression === VALUE ? value : expression;
  const [name, ...given] = expression;
  const work = typeof name === 'string' ? FUNCTIONS[name] : undefined;
  return work ? (work(...given.map((part) => evaluate(part, value))) ?? null) : null;
}
