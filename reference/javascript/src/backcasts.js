// From a target value back to a source value. Rule: what is given back has been tried forwards.
//
// Source values that may have the wanted image are proposed, the likeliest first. Those count whose
// image is right and whose JSON type the source takes; of these, one of the old value's type.

import { image, numberOf, textOf, VALUE } from './casts.js';
import {
  isMoment,
  parseDatetime,
  parseFields,
  readDatetime,
  formatDatetime,
  writeDatetime,
  PLAIN_STYLE,
} from './datetimes.js';
import { isNothing, same } from './json.js';
import { allowedTypes, fitsTypes, typeOf } from './schemas.js';

/** Stands for "no source value has this image". */
export const NONE = Symbol('no source value has this image');

/**
 * Gives a source value whose image by `type` is `wanted`, or NONE. `old` is the present source
 * value, which stays where its image is right; `schema` is the source property's.
 */
export function back(type, wanted, old, schema) {
  if (same(image(type, old), wanted)) return old ?? null;
  const types = allowedTypes(schema);
  const fitting = [...proposals(type, wanted ?? null, old ?? null)]
    .map((value) => value ?? null)
    .filter((value) => (value === null || fitsTypes(value, types)) && same(image(type, value), wanted));
  if (!fitting.length) return NONE;
  const alike = fitting.find((value) => isNothing(old) || isAlike(value, old));
  return alike === undefined ? fitting[0] : alike;
}

/** Gives a value as one that a schema takes, for a conversion that nobody wrote down; or NONE. */
export function fitted(value, schema) {
  if (isNothing(value)) return null;
  const types = allowedTypes(schema);
  const found = [value, image('string', value), numberOf(value), [value]].filter((each) => each !== null);
  return found.find((each) => fitsTypes(each, types)) ?? NONE;
}

function isAlike(value, old) {
  if (value === null) return !Array.isArray(old);
  const [left, right] = [value, old].map((each) => typeOf(each).replace('integer', 'number'));
  return left === right;
}

function* proposals(type, wanted, old) {
  if (wanted === null) yield* [null, [], ''];
  if (type === 'first' && Array.isArray(old)) yield [wanted, ...old.slice(1)];
  if (Array.isArray(type)) yield* undone(type, wanted, old);
  yield wanted;
  if (typeof wanted === 'boolean') yield* [String(wanted), Number(wanted)];
  if (typeof wanted === 'number' || typeof wanted === 'bigint') yield textOf(wanted);
  if (typeof wanted === 'string') yield* [numberOf(wanted), { true: true, false: false }[wanted]];
  if (Array.isArray(wanted)) yield* wanted.length ? [wanted[0]] : [''];
  yield* [[wanted], null, ''];
}

/** Proposes values of "_." for which an expression may give `wanted`. */
function* undone(expression, wanted, old) {
  if (expression === VALUE) yield wanted;
  if (!Array.isArray(expression)) return;
  const [name, ...given] = expression;
  const inner = given.at(-1);
  if (name === 'if') {
    for (const branch of given.slice(1)) yield* undone(branch, wanted, old);
    yield* constants(given[0]);
  } else if (name === 'if-null') {
    for (const branch of given) yield* undone(branch, wanted, old);
  } else {
    for (const value of before(name, given, wanted, Array.isArray(inner) ? image(inner, old) : old)) {
      yield* undone(inner, value, old);
    }
  }
}

/** Proposes last arguments for which one function may give `wanted`; `old` is what it was given. */
function* before(name, given, wanted, old) {
  if (name === 'datetime-format') yield* undoneFormat(given[0], wanted, old);
  else if (name === 'datetime-parse') {
    const found = typeof wanted === 'string' ? readDatetime(wanted) : undefined;
    if (found) yield formatDatetime(given[0], found.fields);
  } else if (name === 'join') {
    if (typeof wanted === 'string' && given[0]) yield wanted.split(given[0]);
  } else if (name === 'split') {
    if (Array.isArray(wanted)) yield wanted.join(given[0]);
  } else if (name === 'slice') {
    if (!Array.isArray(wanted) || typeof given[0] !== 'number') return;
    if (Array.isArray(old) && old.length >= given[0]) yield [...old.slice(0, given[0]), ...wanted];
    yield [...Array(given[0]).fill('+'), ...wanted];
  } else {
    yield* proposals(name, wanted, old);
  }
}

/** Keeps of the old datetime what the format does not show, and the way it was written. */
function* undoneFormat(format, wanted, old) {
  const fields = typeof wanted === 'string' ? parseFields(format, wanted) : undefined;
  if (!fields) return;
  const known = typeof old === 'string' ? readDatetime(old) : undefined;
  const base = known?.fields ?? parseDatetime('%Y-%m-%d', '1970-01-01');
  const finer = 'H' in fields ? { M: 0, S: 0, f: 0 } : {};
  for (const filler of [{}, { d: 1 }, { Y: 2024, m: 1, d: 1 }]) {
    const moment = { ...base, ...finer, ...filler, ...fields };
    if (isMoment(moment)) yield writeDatetime(moment, known?.style ?? PLAIN_STYLE);
  }
}

function* constants(condition) {
  if (Array.isArray(condition)) for (const part of condition.slice(1)) yield* constants(part);
  else if (condition !== VALUE) yield condition;
}
