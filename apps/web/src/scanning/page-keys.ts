import { KeyReader, type KeyReading } from './key-reader.ts';
import { isTypingTarget } from './typing-target.ts';

type ReadingHandler = (reading: KeyReading) => boolean;

/** Handlers, the newest first asked; the first that returns true has dealt with the reading. */
const handlers: ReadingHandler[] = [];

function dispatch(reading: KeyReading): void {
  for (const handler of handlers.toReversed()) if (handler(reading)) return;
}

let reader: KeyReader | undefined;

/** Reads the keys of the whole page, wherever the focus is, but for fields being typed in. */
export function onPageKeys(handler: ReadingHandler): () => void {
  if (!reader) {
    reader = new KeyReader({
      onReading: dispatch,
      setTimer: (delayMs, fire) => {
        const timer = setTimeout(fire, delayMs);
        return () => clearTimeout(timer);
      },
    });
    window.addEventListener('keydown', listen, { capture: true });
  }
  handlers.push(handler);
  return () => {
    handlers.splice(handlers.indexOf(handler), 1);
  };
}

function listen(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || isTypingTarget(event.target)) return;
  if (!reader?.press(event.key, event.timeStamp)) return;
  event.preventDefault();
  event.stopPropagation();
}
