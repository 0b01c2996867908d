// What a JSON Schema says about the JSON type of a property. Rule: it advises, the system decides.

import { isObject, member } from './json.js';

/** Gives the schema of the property at `segments`; undefined where nothing is known. */
export function schemaAt(schema, segments, root = schema) {
  const here = resolved(schema, root);
  if (!segments.length || !here) return here;
  return schemaAt(member(here.properties, segments[0]), segments.slice(1), root);
}

/** Gives the schema of the property at a path, through the elements of its list. */
export function schemaOf(schema, path) {
  const head = schemaAt(schema, path.head);
  if (!path.isList) return head;
  const items = resolved(head?.items, schema);
  return items && schemaAt(items, path.tail, schema);
}

/** Gives the JSON types that a schema allows, as a set; empty where it names none. */
export function allowedTypes(schema) {
  if (!isObject(schema)) return new Set();
  if (schema.type !== undefined) return new Set([schema.type].flat());
  const constants = schema.enum ?? (Object.hasOwn(schema, 'const') ? [schema.const] : []);
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return new Set([...constants.map(typeOf), ...parts.flatMap((part) => [...allowedTypes(part)])]);
}

/** Tells whether a value's JSON type is among `types`; everything is where none is named. */
export function fitsTypes(value, types) {
  const type = typeOf(value);
  return types.size === 0 || types.has(type) || (type === 'integer' && types.has('number'));
}

/** Gives the name of a value's JSON type. */
export function typeOf(value) {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function resolved(schema, root) {
  const name = member(schema, '$ref');
  if (typeof name !== 'string') return schema;
  return name.startsWith('#/') ? name.slice(2).split('/').reduce(member, root) : undefined;
}
