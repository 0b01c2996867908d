// Nodes that hang together by edges. Rule: it carries values across; which way, others decide.
//
// Mostly one edge. Several sources may share a target (the target equals one of them), several
// targets a source (all follow it). `agreed` holds entries of the last agreement, by node id, as
// `{source: {...}, target: {...}}`.

import { isEmpty } from './json.js';

export class Component {
  constructor(edges) {
    this.edges = edges;
    this.sources = [...new Set(edges.map((edge) => edge.source))];
    this.targets = [...new Set(edges.map((edge) => edge.target))];
    this.hasKey = edges.some((edge) => edge.hasKey);
  }

  /** Tells whether each target agrees with one of its sources. */
  agrees(source, target, keys) {
    return this.targets.every((node) => this.#into(node).some((edge) => edge.holds(source, target, keys)));
  }

  /**
   * Carries the sources' values to the targets. `changed` are the ids of sources that were edited;
   * undefined: all count. Gives "waiting" where a key could not be translated yet.
   */
  push(source, target, agreed, keys, changed) {
    let outcome = 'done';
    for (const node of this.targets) {
      const edge = this.#carrier(node, source, target, keys, changed);
      if (edge && !edge.holds(source, target, keys)) {
        outcome = worse(outcome, edge.push(source, target, entriesOf(edge, agreed), keys));
      }
    }
    return outcome;
  }

  /** Carries the targets' values to the sources, then to the other targets of those. */
  pull(source, target, agreed, keys, changed) {
    let outcome = 'done';
    const written = new Set();
    const left = new Set();
    for (const node of this.targets) {
      if (changed && !changed.has(node.id)) continue;
      const edges = this.#into(node);
      if (edges.some((edge) => edge.holds(source, target, keys))) continue;
      const edge = edges.find((each) => wasCarrier(each, agreed, keys)) ?? edges[0];
      if (written.has(edge.source)) continue;
      const result = edge.pull(source, target, entriesOf(edge, agreed), keys);
      if (result === 'done') written.add(edge.source);
      else left.add(node);
      outcome = worse(outcome, result);
    }
    if (this.targets.length === 1) return outcome;
    for (const node of this.targets) {
      const edges = this.#into(node);
      if (left.has(node) || edges.some((edge) => edge.holds(source, target, keys))) continue;
      const edge = edges.find((each) => written.has(each.source)) ?? edges[0];
      outcome = worse(outcome, edge.push(source, target, entriesOf(edge, agreed), keys));
    }
    return outcome;
  }

  /** Gives the entries of all nodes as they stand, by side and node id. */
  entries(source, target, agreed, keys) {
    const standing =
      (side, { data, key }) =>
      (node) => {
        const fits = this.#fits(node, side, source, target, keys);
        return [node.id, node.entry(data, key, agreed[side]?.[node.id], fits)];
      };
    return {
      source: Object.fromEntries(this.sources.map(standing('source', source))),
      target: Object.fromEntries(this.targets.map(standing('target', target))),
    };
  }

  #into(node) {
    return this.edges.filter((edge) => edge.target === node);
  }

  /** Gives the edge whose source a target has to follow; undefined where it may stay. */
  #carrier(node, source, target, keys, changed) {
    const edges = this.#into(node);
    if (edges.length === 1) return edges[0];
    const filled = edges.filter((edge) => !isEmpty(edge.source.entry(source.data, source.key).value));
    const edited = filled.filter((edge) => !changed || changed.has(edge.source.id));
    if (edited.length) return edited.find((edge) => edge.holds(source, target, keys)) ?? edited[0];
    if (edges.some((edge) => edge.holds(source, target, keys))) return undefined;
    return filled[0] ?? edges[0];
  }

  /** Gives a test for values of a node that agree with the other side. */
  #fits(node, side, source, target, keys) {
    const edges = this.edges.filter((edge) => edge[side] === node);
    return (value) =>
      edges.some((edge) =>
        side === 'source'
          ? edge.target.values(target.data, target.key).some((other) => edge.agree(value, other, keys))
          : edge.source.values(source.data, source.key).some((other) => edge.agree(other, value, keys)),
      );
  }
}

function entriesOf(edge, agreed) {
  return { source: agreed.source?.[edge.source.id], target: agreed.target?.[edge.target.id] };
}

function wasCarrier(edge, agreed, keys) {
  const { source, target } = entriesOf(edge, agreed);
  return Boolean(source && target && edge.agree(source.value, target.value, keys));
}

function worse(left, right) {
  return left === 'waiting' || right === 'waiting' ? 'waiting' : right;
}
