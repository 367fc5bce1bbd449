/** Not while the first page loads: what it needs goes first. */
const AFTER_LOAD_MS = 3_000;
/** The line went while the app was being fetched. */
const TRY_AGAIN_MS = 15_000;
/** A kiosk is never reloaded by anybody; it looks for a new version by itself. */
const LOOK_AGAIN_MS = 60 * 60_000;

/**
 * Keeps the app on this computer by a service worker, so that its pages come up while the server is away. Browsers allow it over HTTPS and on
 * localhost only; elsewhere an open page goes on through an outage, but a reload needs the server.
 */
export function keepApp(): void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!import.meta.env.PROD || !workers) return;
  const keep = async (): Promise<void> => {
    const kept = await fetchWorker(workers);
    setTimeout(() => void keep(), kept ? LOOK_AGAIN_MS : TRY_AGAIN_MS);
  };
  window.addEventListener('load', () => setTimeout(() => void keep(), AFTER_LOAD_MS), { once: true });
}

/** Resolves to whether there is a worker that has everything. A newer one takes over by itself once it has everything too. */
async function fetchWorker(workers: ServiceWorkerContainer): Promise<boolean> {
  try {
    const registration = await workers.register('/service-worker.js', { updateViaCache: 'none' });
    if (registration.active) await registration.update();
    return registration.active !== null;
  } catch (error) {
    console.info('The app could not be fetched for times without a server; it will be tried again', error);
    return false;
  }
}
