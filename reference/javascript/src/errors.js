// What can keep a sync from going on. Their messages never hold a token or a record's data.

/**
 * The connector gives up for now; being asked again, it goes on where it was. `doubt` tells whether
 * the request that it gave up may have been carried out.
 */
export class GaveUp extends Error {
  constructor(message, doubt = true) {
    super(message);
    this.doubt = doubt;
  }
}

/** A system knows no such token: no further request goes to it from this process. */
export class Unauthorized extends Error {}
