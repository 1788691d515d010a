import {
  keepPreviousData,
  QueryClient,
  type QueryKey,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query';
import type { TypedDocumentString } from '../generated/documents.ts';
import { ApiError, ask } from './ask.ts';

/** Answers are asked for anew after so long, when a page is opened: a dissection never changes, but others come. */
const FRESH_MS = 30_000;

export const answers = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.code === 'UNREACHABLE',
      refetchOnWindowFocus: false,
    },
  },
});

const keyOf = (document: { toString(): string }, variables: unknown): QueryKey => [document.toString(), variables];

/** The answer to a page's question; the page waits for it, and its error is shown in the page's place. */
export function useAnswer<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { refetchMs }: { refetchMs?: number | false } = {},
): Data {
  return useSuspenseQuery({
    queryKey: keyOf(document, variables),
    queryFn: ({ signal }) => ask(document, variables, signal),
    refetchInterval: refetchMs,
  }).data;
}

/**
 * A part's answer that comes later than its page; while another is on its way the last one stays. `variables`: null to
 * wait.
 */
export function useLater<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables | null,
  { refetchMs = () => false }: { refetchMs?: (last: Data | undefined) => number | false } = {},
): UseQueryResult<Data> {
  return useQuery({
    queryKey: keyOf(document, variables),
    queryFn: ({ signal }) => ask(document, variables as Variables, signal),
    enabled: variables !== null,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => refetchMs(state.data),
  });
}

interface PageInfo {
  hasNextPage: boolean;
  endCursor?: string | null;
}

/** A list in pages. @param pageInfoOf where its pages say whether there are more */
export function usePages<Data, Variables extends { after?: string | null }>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  pageInfoOf: (data: Data) => PageInfo | undefined,
) {
  return useInfiniteQuery({
    queryKey: keyOf(document, variables),
    queryFn: ({ pageParam, signal }) => ask(document, { ...variables, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => {
      const info = pageInfoOf(last);
      return info?.hasNextPage ? (info.endCursor ?? null) : null;
    },
    placeholderData: keepPreviousData,
  });
}
