import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

const LINES = [
  ['A card', 'checks in or out, and shows who it is'],
  ['A card, then a book', 'lends the book'],
  ['A lent book alone', 'takes it back, and says who waits for it'],
  ['A station’s label', 'tells how the station stands'],
] as const;

/** What to do first, as long as nobody is in front of the desk. */
export function HowToScan({ location }: { readonly location: string }): ReactNode {
  return (
    <Stack gap="lg" my="auto">
      <Title order={2}>What a scan does here</Title>
      {LINES.map(([what, does]) => (
        <div key={what}>
          <Text fw={600}>{what}</Text>
          <Text c="dimmed">{does}</Text>
        </div>
      ))}
      <Text c="dimmed" size="sm">This desk stands in {location}. Change it at the top left.</Text>
    </Stack>
  );
}
