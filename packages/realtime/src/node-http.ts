/**
 * Node's HTTP, taken without an `import`: that reads every export of the module, and one of them loads the whole of `fetch`, for which a starting
 * server has no use.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
