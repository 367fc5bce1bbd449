import type { ChatMessage } from '@clms/protocol';
import { Alert, Button, Group, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { newId } from '../../api/new-id.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { useUser } from '../../session/use-session.ts';
import { LoadMore } from '../../shell/load-more.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { mergeMessages } from './merge-messages.ts';
import classes from './chat.module.css';

const MAX_LENGTH = 2_000;

/** One room: what was written, and the field to write. What could not be sent stays in the field. */
export function ChatRoom({ room, live }: { readonly room: string; readonly live: readonly ChatMessage[] }): ReactNode {
  const history = usePages<ChatMessage>('chat', `/api/chat/${encodeURIComponent(room)}/messages`);
  const time = useVenueTime();
  const now = useServerNow(60_000);
  const me = useUser();
  const [text, setText] = useState('');
  const [own, setOwn] = useState<readonly ChatMessage[]>([]);
  // The same words sent again after a failure are the same message: the server takes it once.
  const draftId = useRef(newId());
  const send = useMutation({
    mutationFn: (words: string) => api.post<ChatMessage>(`/api/chat/${encodeURIComponent(room)}/messages`, { text: words, clientMessageId: draftId.current }),
    onSuccess: (message) => {
      draftId.current = newId();
      setText('');
      setOwn((before) => [...before, message].slice(-50));
    },
  });
  const messages = mergeMessages(room, history.items, [...own, ...live]);
  const end = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [newest]);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() !== '' && !send.isPending) send.mutate(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <section className={classes.room} aria-label={`Room ${room}`}>
      <div className={classes.messages} role="log" tabIndex={0} aria-label="Messages">
        <LoadMore {...history} />
        {history.error && <Text c="red">{messageOf(history.error)}</Text>}
        {!history.isLoading && messages.length === 0 && <Text c="dimmed" m="auto">Nothing written yet. Say who has the desk.</Text>}
        {messages.map((message) => (
          <article key={message.id} className={classes.message} data-own={message.userId === me.id}>
            <header><b>{message.username}</b> <time dateTime={message.timestamp}>{time.moment(message.timestamp, now)}</time></header>
            <p>{message.text}</p>
          </article>
        ))}
        <div ref={end} />
      </div>
      <form className={classes.form} onSubmit={submit}>
        {send.isError && <Alert color="red" role="alert" mb="xs">Not sent: {messageOf(send.error)}</Alert>}
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <Textarea flex={1} aria-label="Message" placeholder="Enter sends, Shift and Enter begin a line" autosize minRows={1} maxRows={6} maxLength={MAX_LENGTH} value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={onKeyDown} />
          <Button type="submit" aria-label="Send" loading={send.isPending} disabled={text.trim() === ''}><IconSend size={18} /></Button>
        </Group>
      </form>
    </section>
  );
}
