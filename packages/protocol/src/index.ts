export * from './roles.ts';
export * from './codes.ts';
export * from './envelope.ts';
export * from './client-messages.ts';
export * from './server-messages.ts';
export * from './entities.ts';
export * from './topics.ts';
export * from './version.ts';
