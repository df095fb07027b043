/**
 * One append as one statement, so that it costs one round trip: take the workspace's lock, compare the lengths that the
 * batch was judged at, insert, tell the other nodes. Answers false, and changes nothing, where another node appended.
 *
 * Each statement of a volatile function sees what was committed before it, so the comparison sees what was committed
 * while the lock was waited for. That holds for read committed alone.
 */
export const appendPostgres = `
  create function bulkhead_append(workspace text, judged_docs text[], judged_lengths bigint[], docs text[], seqs bigint[], entries text[], nudge text)
  returns boolean language plpgsql volatile as $$
  begin
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'appends need read committed';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(workspace, 1));
    if exists (
      select from unnest(judged_docs, judged_lengths) as judged (doc, length)
      left join chain_length as kept on kept.wid = workspace and kept.doc = judged.doc
      where coalesce(kept.length, 0) <> judged.length
    ) then
      return false;
    end if;
    if cardinality(docs) > 0 then
      insert into chain_entry (wid, doc, seq, entry) select workspace, * from unnest(docs, seqs, entries);
      insert into chain_length (wid, doc, length)
        select workspace, doc, max(seq) from unnest(docs, seqs) as added (doc, seq) group by doc
        on conflict on constraint chain_length_pkey do update set length = excluded.length;
      -- One notification for the batch: NOTIFY takes a lock on the whole database at commit.
      perform pg_notify('bulkhead_chain', nudge);
    end if;
    return true;
  end
  $$;
`;
