// The rows of one pair, as components. Rule: it reads the dataflow, and touches no record.

import { Component } from './component.js';
import { ListEdge, RowEdge } from './edges.js';
import { same } from './json.js';
import { AnyNode, ChosenNode, KeyNode, ListNode, PropertyNode } from './nodes.js';
import { get, parsePath, valuesAt } from './paths.js';
import { schemaOf } from './schemas.js';

const SIDES = ['source', 'target'];

/** The rows of a pair, ready to be carried. */
export class Mapping {
  #nodes = { source: new Map(), target: new Map() };
  #fixed;

  /** `schemas` are those of the pair's two types. */
  constructor(rows, schemas) {
    this.rows = rows.map(readRow).filter(({ source, target }) => !(source.isKey && target.isKey));
    this.edges = this.#edges(schemas);
    if (!this.edges.some((edge) => edge.conditions.length)) this.#fixed = connected(this.edges);
  }

  /** Gives the components of the rows that apply to these two data. */
  components(source, target) {
    if (this.#fixed) return this.#fixed;
    const data = { source, target };
    return connected(
      this.edges.filter((edge) => edge.conditions.every((each) => isMet(each, data[each.side]))),
    );
  }

  /** Gives the data type between two paths: of the row that maps them, otherwise none. */
  typeBetween(source, target) {
    return this.rows.find((row) => row.source.text === source && row.target.text === target)?.type;
  }

  /** Gives the keys of other records that a record of one side holds, with what they refer to. */
  *references(side, record) {
    for (const edge of this.edges) yield* edge.references(side, record);
  }

  #edges(schemas) {
    const lists = new Map();
    const edges = [];
    for (const row of this.rows) {
      if (row.source.isList && row.target.isList && !row.when.length) {
        const name = `${row.source.head.join('.')} ${row.target.head.join('.')}`;
        if (!lists.has(name)) {
          lists.set(name, { place: edges.length, rows: [] });
          edges.push(undefined);
        }
        lists.get(name).rows.push(row);
      } else edges.push(this.#rowEdge(row, schemas));
    }
    for (const { place, rows } of lists.values()) edges[place] = this.#listEdge(rows, schemas);
    return edges;
  }

  #rowEdge(row, schemas) {
    const [source, target] = SIDES.map((side) => this.#node(side, row));
    const conditions = row.when.filter((each) => !isOfElement(each, row));
    return new RowEdge({ ...row, source, target, conditions, schemas: rowSchemas(row, schemas) });
  }

  #listEdge(rows, schemas) {
    const inner = { source: new Map(), target: new Map() };
    const within = (side, row) => {
      const path = {
        text: ['element', ...row[side].tail].join('.'),
        isList: false,
        head: ['element', ...row[side].tail],
        tail: [],
      };
      return kept(inner[side], new PropertyNode(path));
    };
    const edges = rows.map(
      (row) =>
        new RowEdge({
          ...row,
          source: within('source', row),
          target: within('target', row),
          schemas: rowSchemas(row, schemas),
        }),
    );
    const [source, target] = SIDES.map(
      (side) =>
        new ListNode(
          rows[0][side],
          rows.map((row) => row[side].tail),
        ),
    );
    return new ListEdge({ source, target, components: connected(edges) });
  }

  #node(side, row) {
    const path = row[side];
    if (path.isKey) return kept(this.#nodes[side], new KeyNode());
    if (!path.isList) return kept(this.#nodes[side], new PropertyNode(path));
    const conditions = row.when.filter((each) => each.side === side && isOfElement(each, row));
    const node = conditions.length ? new ChosenNode(path, conditions) : new AnyNode(path);
    return kept(this.#nodes[side], node);
  }
}

/** Tells whether a record's data fulfil a condition (through a list: with one of its elements). */
export function isMet({ path, equals }, data) {
  return valuesAt(data, path).some((value) => same(value, equals));
}

/** Reads conditions `[{path, equals}]` of the dataflow. */
export function readConditions(conditions = []) {
  return conditions.map((each) => ({ ...each, path: parsePath(each.path) }));
}

/** Tells whether a path of a record is still free for a condition's value. */
export function isUnset({ path }, data) {
  return !path.isList && (get(data, path.head) ?? null) === null;
}

function readRow(row) {
  const [source, target] = SIDES.map((side) =>
    typeof row[side] === 'string' ? parsePath(row[side]) : { isKey: true, text: '(key)' },
  );
  return { source, target, type: row.type, reference: row.reference, when: readConditions(row.when) };
}

function isOfElement({ side, path }, row) {
  return path.isList && row[side].isList && same(path.head, row[side].head);
}

function rowSchemas(row, schemas) {
  const found = SIDES.map((side) => [
    side,
    row[side].isKey ? undefined : schemaOf(schemas[side] ?? {}, row[side]),
  ]);
  return Object.fromEntries(found);
}

/** Gives the node of this id that is known already, if one is. */
function kept(nodes, node) {
  if (!nodes.has(node.id)) nodes.set(node.id, node);
  return nodes.get(node.id);
}

/** Groups edges that share nodes. */
function connected(edges) {
  const groups = [];
  for (const edge of edges) {
    const touching = groups.filter((group) =>
      group.some((each) => each.source === edge.source || each.target === edge.target),
    );
    const merged = [...touching.flat(), edge];
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => new Component(edges.filter((edge) => group.includes(edge))));
}
