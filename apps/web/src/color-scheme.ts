import { localStorageColorSchemeManager } from '@mantine/core';

/** Key under which this device keeps its choice of colours; `public/color-scheme.js` reads it before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'clms.colors' });
