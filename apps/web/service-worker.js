// Keeps the app itself on this computer, so that a kiosk or a desk that is started while the server is away comes up. Data is never kept here.
// The build writes VERSION and FILES in front of this file (offline-worker.ts).
/* global VERSION, FILES */

const CACHE = `clms-${VERSION}`;
/** Belongs to the server: never answered from here. */
const RESERVED = /^\/(api|health|metrics|ws)(\/|$)/;
/** A server that is there answers a page sooner; on a line that is dead without saying so nobody waits for ever. */
const ANSWER_WITHIN_MS = 3_000;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || RESERVED.test(pathname)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (FILES.includes(pathname) || pathname.startsWith('/assets/')) event.respondWith(file(request));
});

async function install() {
  const cache = await caches.open(CACHE);
  // Names with a hash never change their content; the others are asked for anew.
  await cache.addAll(FILES.map((path) => new Request(path, { cache: path.startsWith('/assets/') ? 'default' : 'reload' })));
  await self.skipWaiting();
}

/** Pages that are open run the version before this one, and may still load parts of it: one older version stays. */
async function takeOver() {
  const older = (await caches.keys()).filter((name) => name.startsWith('clms-') && name !== CACHE);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** Every page is the same document. The server's is the newest; without a server this computer's will do. */
async function page(request) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(request, { signal: late.signal });
    if (answer.status < 500) return answer;
  } catch {
    // No server: that is what this worker is for.
  } finally {
    clearTimeout(timer);
  }
  return (await caches.match('/', { cacheName: CACHE })) ?? fetch(request);
}

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? (await caches.match(request)) ?? fetch(request);
}
