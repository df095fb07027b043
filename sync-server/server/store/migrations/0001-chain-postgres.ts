/** The same tables as in SQLite, and the length of each document, so that an append need not count. */
export const chainPostgres = `
  create table chain_entry (
    wid text not null,
    doc text not null,
    seq bigint not null check (seq > 0),
    entry text not null,
    primary key (wid, doc, seq)
  );
  create table chain_length (
    wid text not null,
    doc text not null,
    length bigint not null,
    primary key (wid, doc)
  );
  create table secret (
    name text primary key,
    value text not null
  );
`;
