import { useState } from 'react';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The fields of a document that others may save too. While nothing is typed the form follows the document; once something is, it stays
 * as typed, and `changedMeanwhile` says that what it was filled from is no longer what is saved.
 */
export function useDocumentForm<T extends object>({ version, ...fields }: T & { readonly version: number }) {
  const saved = fields as unknown as T;
  const [base, setBase] = useState({ version, fields: saved });
  const [form, setForm] = useState(saved);
  const takeSaved = () => {
    setBase({ version, fields: saved });
    setForm(saved);
  };
  const saves = version !== base.version;
  // A save of another part of the document leaves these fields as they were: what is typed can still be saved.
  const elsewhere = saves && same(saved, base.fields);
  if (elsewhere) setBase({ version, fields: saved });
  else if (saves && (same(form, base.fields) || same(form, saved))) takeSaved();
  const changedMeanwhile = saves && !elsewhere;
  return { form, setForm, initial: base.fields, version: base.version, changed: !same(form, base.fields), changedMeanwhile, takeSaved };
}
