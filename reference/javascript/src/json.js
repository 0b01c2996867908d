// JSON without loss. Rule: a number that was read is written again with the same value.
//
// JavaScript's own JSON rounds integers beyond 2^53. Here they are read as BigInt.

const LONG_NUMBER = /[0-9]{16}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/gs;
const INTEGER = /^-?[0-9]+$/;

/** Reads JSON text; throws SyntaxError when it is none. */
export function parse(text) {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  JSON.parse(text); // a text that is no JSON must not become one by being marked
  const mark = crypto.randomUUID();
  const marked = text.replace(TOKEN, (token) =>
    INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${mark}${token}"` : token,
  );
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** Writes a value as JSON text, members in their order. */
export function stringify(value) {
  return write(value, (members) => members);
}

/** Writes a value so that equal values give equal texts; null members count as missing ones. */
export function canonical(value) {
  return write(value, (members) => members.filter(([, part]) => part !== null).sort(byName));
}

/** Tells whether two JSON values are equal; undefined (missing) equals null. */
export function same(left, right) {
  if (left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') return false;
  return canonical(left) === canonical(right);
}

/** Tells whether a value counts as empty: null, missing, "" or []. */
export function isEmpty(value) {
  return isNothing(value) || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Tells whether a value is null or missing. */
export function isNothing(value) {
  return value === null || value === undefined;
}

/** Tells whether a value is a JSON object. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Gives an object's own member; undefined where there is none. */
export function member(object, name) {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Sets an object's own member, whatever its name is ("__proto__", say). */
export function setMember(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Gives a deep copy of a JSON value. */
export function copy(value) {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  const made = {};
  for (const [name, part] of Object.entries(value)) setMember(made, name, copy(part));
  return made;
}

function byName([left], [right]) {
  return left < right ? -1 : Number(left > right);
}

function write(value, order) {
  if (isNothing(value)) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((part) => write(part, order)).join(',')}]`;
  const members = order(Object.entries(value).filter(([, part]) => part !== undefined));
  return `{${members.map(([name, part]) => `${JSON.stringify(name)}:${write(part, order)}`).join(',')}}`;
}

function writeNumber(value) {
  const large = Number.isInteger(value) && !Number.isSafeInteger(value);
  return large ? String(BigInt(value)) : JSON.stringify(value);
}
