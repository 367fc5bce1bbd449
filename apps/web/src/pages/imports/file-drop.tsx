import { Button, CloseButton, FileButton, Group, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useEffect, useState, type DragEvent, type ReactNode } from 'react';
import classes from './imports.module.css';

export interface FileDropProps {
  readonly description: string;
  readonly file: File | null;
  readonly onFile: (file: File | null) => void;
}

/** Takes a file by drag and drop or by a button. */
export function FileDrop({ description, file, onFile }: FileDropProps): ReactNode {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // A file let go beside the field would be opened by the browser in place of this page.
    const keep = (event: Event) => event.preventDefault();
    window.addEventListener('dragover', keep);
    window.addEventListener('drop', keep);
    return () => {
      window.removeEventListener('dragover', keep);
      window.removeEventListener('drop', keep);
    };
  }, []);
  const onDrop = (event: DragEvent) => {
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) onFile(dropped);
  };
  return (
    <div className={classes.drop} data-over={over} data-testid="file-drop" onDragEnter={() => setOver(true)} onDragOver={() => setOver(true)} onDragLeave={() => setOver(false)} onDrop={onDrop}>
      <IconFileUpload size={28} stroke={1.5} aria-hidden />
      <div className={classes.dropWords}>
        {file ? <Text fw={600} style={{ overflowWrap: 'anywhere' }}>{file.name} <Text span size="sm" c="dimmed">{sizeWords(file.size)}</Text></Text> : <Text fw={600}>Drag a file here</Text>}
        <Text size="sm" c="dimmed">{description}</Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <FileButton key={file?.name ?? ''} onChange={(chosen) => chosen && onFile(chosen)} inputProps={{ 'aria-label': 'File' }}>{(props) => <Button {...props} variant="default">{file ? 'Another file' : 'Choose a file'}</Button>}</FileButton>
        {file && <CloseButton aria-label="Take the file away" onClick={() => onFile(null)} />}
      </Group>
    </div>
  );
}

const sizeWords = (bytes: number): string => (bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`);
