/** Version of the wire, told in `welcome.protocol`. */
export const PROTOCOL_VERSION = 'clms.v1';
