/** Entries by workspace, document and position; the primary key is a second barrier against two entries in one place. */
export const chain = `
  create table chain_entry (
    wid text not null,
    doc text not null,
    seq integer not null check (seq > 0),
    entry text not null,
    primary key (wid, doc, seq)
  ) strict;
  create table secret (
    name text primary key,
    value text not null
  ) strict;
`;
