import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

const PAUSE_MS = 200;

/** Tells what is looked for once typing pauses. It keeps its text to itself: a thousand rows below are not drawn anew with every letter. */
export function FindField({ onWanted }: { readonly onWanted: (text: string) => void }): ReactNode {
  const [text, setText] = useState('');
  const tell = useDebouncedCallback((typed: string) => onWanted(typed.trim()), PAUSE_MS);
  return (
    <TextInput
      aria-label="Find people"
      placeholder="Surname, given name, school id or card"
      size="md"
      mb="md"
      maw={480}
      maxLength={200}
      autoComplete="off"
      leftSection={<IconSearch size={18} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
