export interface Visit {
  readonly id: string;
  readonly studentId: string | null;
  readonly studentName?: string;
  readonly location: string;
  readonly checkedInAt: string;
  readonly checkedOutAt: string | null;
  readonly endedBy: string | null;
  readonly override?: boolean;
  readonly gradeLevel?: string | null;
  readonly strand?: string | null;
  readonly section?: string | null;
  readonly gradeCategory?: string | null;
}
