/** Version of the wire, told in `welcome.protocol`. */
export const PROTOCOL_VERSION = 'clms.v1';

/** What the wire looked like, newest last. A test compares the last hash with the schemas: whoever changes them says here what and why. */
export const WIRE_HISTORY: readonly { readonly hash: string; readonly change: string }[] = [
  { hash: 'db2ed8759e7fd0d0', change: 'First wire.' },
  { hash: 'c0fc1132c4ed2640', change: '`cause` of a notification: programs tell a time limit from an overdue book without reading its words.' },
  { hash: '6e87094273ebe8bd', change: '`gradeLevel` and `section` of an activity, for staff: lists show the class without a look-up per row.' },
];
