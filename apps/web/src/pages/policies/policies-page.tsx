import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import type { VersionedPolicies } from '../../api/policies.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { PoliciesForm } from './policies-form.tsx';

/** The rules of the house. What they mean for a loan of today is shown before they are saved. */
export default function PoliciesPage(): ReactNode {
  const { data, error } = useQuery({ queryKey: ['policies'], queryFn: () => api.get<VersionedPolicies>('/api/policies') });
  return (
    <>
      <PageHead title="Policies" lead="Limits and rules. Loans that are out keep the due date they were given." />
      {error && <Text c="red">{messageOf(error)}</Text>}
      {!data && !error && <PageLoading />}
      {data && <PoliciesForm policies={data} />}
    </>
  );
}
