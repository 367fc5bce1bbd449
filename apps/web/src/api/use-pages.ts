import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { errorToShow } from './error-to-show.ts';
import type { Page, QueryValues } from './api-client.ts';

/** A list of the server, page after page. The first part of the key is `key`: invalidate by it. `refetchMs` = asks again so often. */
export function usePages<T>(key: string, path: string, query: QueryValues = {}, { refetchMs }: { readonly refetchMs?: number | undefined } = {}) {
  const result = useInfiniteQuery({
    queryKey: [key, path, query],
    queryFn: ({ pageParam }) => api.get<Page<T>>(path, { ...query, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: refetchMs ?? false,
  });
  return {
    items: result.data?.pages.flatMap(({ items }) => items) ?? [],
    isLoading: result.isLoading,
    error: errorToShow(result),
    hasMore: result.hasNextPage,
    loadMore: () => void result.fetchNextPage(),
    isLoadingMore: result.isFetchingNextPage,
  };
}
