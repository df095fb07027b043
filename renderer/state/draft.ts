/** What was being written in a thread, kept by the host so that it outlives the window. */
import { useEffect, useRef, useState } from "react";
import { attempt } from "./action.ts";
import { request } from "./host.ts";

const SAVE_AFTER_MS = 400;

export const useDraft = (thread: string): { readonly text: string; readonly set: (text: string) => void } => {
  const [text, setText] = useState("");
  const written = useRef<{ text: string; saved: boolean; timer: ReturnType<typeof setTimeout> | undefined }>({ text: "", saved: true, timer: undefined });

  useEffect(() => {
    const state = written.current;
    let left = false;
    request("thread.draft", { thread }).then(
      (draft) => {
        // Somebody who is already writing keeps what they write.
        if (!left && state.text === "" && state.saved) setText(draft.text);
      },
      () => undefined,
    );
    return () => {
      left = true;
      clearTimeout(state.timer);
      if (!state.saved) save(thread, state.text);
    };
  }, [thread]);

  const set = (next: string) => {
    const state = written.current;
    setText(next);
    clearTimeout(state.timer);
    Object.assign(state, { text: next, saved: false });
    state.timer = setTimeout(() => {
      state.saved = true;
      save(thread, next);
    }, SAVE_AFTER_MS);
  };
  return { text, set };
};

const save = (thread: string, text: string) => attempt(() => request("thread.saveDraft", { thread, text }));
