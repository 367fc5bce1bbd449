/** The answer of a request. */
export function answered<V>(request: IDBRequest<V>): Promise<V> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

/** Resolves when a transaction is committed, rejects when it is not going to be. Call it in the turn in which the transaction still runs. */
export function finished(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.addEventListener('complete', () => resolve());
    tx.addEventListener('abort', () => reject(tx.error ?? new Error('The transaction was aborted')));
  });
}
