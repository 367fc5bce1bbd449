import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Server state of all pages. What a topic tells is not asked for again; what is asked for is kept on screen while it is asked anew. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always',
      retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
