export * from './clock.ts';
export * from './identity.ts';
export * from './topic.ts';
export * from './broker.ts';
export * from './origin.ts';
export * from './jwt.ts';
