import type { NoticeCategory, Priority } from '@clms/protocol';

export const PRIORITY_WORDS: Readonly<Record<Priority, string>> = { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High', CRITICAL: 'Critical' };

export const CATEGORY_WORDS: Readonly<Record<NoticeCategory, string>> = { SYSTEM: 'System', USER: 'People', EQUIPMENT: 'Equipment', BOOK: 'Books', REMINDER: 'Reminder' };
