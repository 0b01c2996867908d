// dataflow.json as objects. Rule: what the agreement says, and what follows from it alone.

import { readFileSync } from 'node:fs';

import { isEmpty, parse, same } from './json.js';
import { isMet, Mapping, readConditions } from './mapping.js';
import { parsePath, valuesAt } from './paths.js';
import { image } from './casts.js';

const POLICIES = { conflicts: 'latest-wins', deletions: 'propagate', empty: 'propagate', create: 'source' };

/** Reads dataflow.json; names that are not known are ignored. */
export function readDataflow(file) {
  const { source, target, types, pairs, policies } = parse(readFileSync(file, 'utf8'));
  const agreed = { ...POLICIES, ...policies };
  return {
    apis: { source: source.api, target: target.api },
    types,
    policies: agreed,
    pairs: pairs.map((pair, number) => new Pair(pair, number, types, agreed)),
  };
}

/** One pair of types: its rule of creation, its merge table and its rows. */
export class Pair {
  constructor({ source, target, create, merge = [], properties = [] }, number, types, policies) {
    this.number = number;
    this.type = { source, target };
    this.when = create.when;
    this.condition = readConditions(create.condition);
    this.by = create.by ?? [];
    this.createsSource = policies.create === 'both' && ['always', 'no-match'].includes(create.when);
    this.mapping = new Mapping(properties, {
      source: types.source[source]?.schema,
      target: types.target[target]?.schema,
    });
    this.alternatives = merge.map((terms) => terms.map((term) => this.#term(term)));
  }

  /** Tells whether a source record fulfils this pair's condition. */
  meetsCondition(data) {
    return this.condition.every((each) => isMet(each, data));
  }

  /** Tells whether a source record's data and a target record's data match by the merge table. */
  matches(source, target) {
    return this.alternatives.some((terms) =>
      terms.every((term) => {
        const found = this.images(term, 'target', target);
        return this.images(term, 'source', source).some((value) =>
          found.some((other) => same(value, other)),
        );
      }),
    );
  }

  /** Gives what a term of the merge table sees of a record, in the target's terms; none if empty. */
  images(term, side, data) {
    const values = valuesAt(data, term[side]).filter((value) => !isEmpty(value));
    if (side === 'target') return values;
    return values.map((value) => image(term.type, value)).filter((value) => !isEmpty(value));
  }

  #term({ source, target }) {
    const type = this.mapping.typeBetween(source, target);
    return { source: parsePath(source), target: parsePath(target), type };
  }
}
