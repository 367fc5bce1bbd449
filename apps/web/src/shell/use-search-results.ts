import type { Role } from '@clms/protocol';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Icon } from '@tabler/icons-react';
import { api } from '../api/api.ts';
import type { Page } from '../api/api-client.ts';
import type { Book } from '../api/book.ts';
import { fullName, gradeAndSection, type Person } from '../api/person.ts';
import { pagesFor } from '../pages/page-list.ts';

interface Found {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

export type SearchResult = (Found & { readonly kind: 'page'; readonly icon: Icon }) | (Found & { readonly kind: 'person' | 'book' });

const SHOWN_PER_KIND = 6;
const MIN_LENGTH = 2;

/** What the search dialog lists: pages at once, people and books once the typing rests. */
export function useSearchResults(text: string, role: Role): { readonly results: readonly SearchResult[]; readonly searching: boolean } {
  const [wanted] = useDebouncedValue(text.trim(), 180);
  const asked = wanted.length >= MIN_LENGTH;
  const people = useQuery({
    queryKey: ['search', 'people', wanted],
    queryFn: () => api.post<Page<Person>>('/api/students/search', { text: wanted, limit: SHOWN_PER_KIND }),
    enabled: asked,
  });
  const books = useQuery({ queryKey: ['search', 'books', wanted], queryFn: () => api.get<Page<Book>>('/api/books', { text: wanted, limit: SHOWN_PER_KIND }), enabled: asked });
  const pages = pagesFor(role).filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()));
  const results: SearchResult[] = [
    ...(people.data?.items ?? []).map((person) => ({ kind: 'person' as const, key: person.id, label: fullName(person), detail: gradeAndSection(person), to: '/desk', search: { person: person.id } })),
    ...(books.data?.items ?? []).map((book) => ({ kind: 'book' as const, key: book.id, label: book.title, detail: [book.author, book.barcode].filter(Boolean).join(' · '), to: '/desk', search: { scan: book.barcode } })),
    ...pages.map((page) => ({ kind: 'page' as const, key: page.path, label: page.label, detail: 'Page', to: page.path, icon: page.icon })),
  ];
  return { results: asked ? results : results.filter(({ kind }) => kind === 'page'), searching: asked && (people.isLoading || books.isLoading) };
}
