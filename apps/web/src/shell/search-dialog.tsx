import { Loader, Modal, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconBook2, IconSearch, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useUser } from '../session/use-session.ts';
import { shellDialogs } from './shell-dialogs.ts';
import { useSearchResults } from './use-search-results.ts';
import classes from './search-dialog.module.css';

/** Search over people, books and pages; `/` opens it. Arrow keys choose, Enter opens what is chosen. */
export default function SearchDialog(): ReactNode {
  const { role } = useUser();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const { results, searching } = useSearchResults(text, role);
  const open = (index: number) => {
    const result = results[index];
    if (!result) return;
    shellDialogs.close();
    void navigate({ to: result.to, search: result.search as never });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((index) => Math.min(results.length - 1, Math.max(0, index + step)));
    } else if (event.key === 'Enter') open(chosen);
  };
  return (
    <Modal opened onClose={shellDialogs.close} withCloseButton={false} padding={0} yOffset="12vh" centered={false} size="lg" attributes={{ content: { 'aria-label': 'Search' } }}>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="lg"
        className={classes.field}
        leftSection={searching ? <Loader size={18} /> : <IconSearch size={20} />}
        placeholder="A name, a school id, a title, a page"
        aria-label="Search"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded
        aria-controls="search-results"
        aria-activedescendant={results[chosen] ? `result-${chosen}` : undefined}
      />
      <div className={classes.results} id="search-results" role="listbox" aria-label="Results">
        {results.map((result, index) => (
          <UnstyledButton key={result.key} id={`result-${index}`} role="option" aria-selected={index === chosen} className={classes.result} onClick={() => open(index)} onMouseMove={() => setChosen(index)}>
            {result.kind === 'page' ? <result.icon size={18} stroke={1.7} /> : result.kind === 'person' ? <IconUser size={18} stroke={1.7} /> : <IconBook2 size={18} stroke={1.7} />}
            <span className={classes.name}>{result.label}</span>
            <span className={classes.detail}>{result.detail}</span>
          </UnstyledButton>
        ))}
        {results.length === 0 && <Text c="dimmed" p="md" size="sm">{searching ? 'Searching…' : 'Nothing found. Try the beginning of a surname, a school id or a word of the title.'}</Text>}
      </div>
    </Modal>
  );
}
