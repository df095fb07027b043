/** Words for where the text of a thread goes. They never promise more than is known. */
import type { Place } from "#bridge/model.ts";
import { words } from "./words.ts";

export const placeWords = words("places.placeWords", {
  /** Beside a message before it is sent. */
  mark: (place: Place): string => {
    switch (place.kind) {
      case "here":
        return place.by === "ollama" ? "Runs on this computer, says Ollama" : "Runs on this computer, you said";
      case "program":
        return "If you send: goes to a program on this computer";
      case "through":
        return `Leaves this computer if you send: goes to ${place.to}`;
      case "host":
        return `Leaves this computer if you send: this thread's text goes to ${place.host}`;
    }
  },
  /** In lists of models. */
  short: (place: Place): string => {
    switch (place.kind) {
      case "here":
        return place.by === "ollama" ? "runs here, says Ollama" : "runs here, you said";
      case "program":
        return "goes to a program here";
      case "through":
        return `goes to ${place.to}`;
      case "host":
        return `goes to ${place.host}`;
    }
  },
  /** Behind a name in a menu. */
  brief: (place: Place): string => (place.kind === "here" ? "runs here" : placeWords.short(place)),
  why: (place: Place): string => {
    switch (place.kind) {
      case "here":
        return place.by === "ollama"
          ? `Ollama at ${place.host} says that it runs this model itself. Bulkhead asks it before each message, and sends nothing once it says otherwise.`
          : `You said in Settings that this model runs here. Bulkhead sends the text to the program at ${place.host} and cannot check what becomes of it.`;
      case "program":
        return `The text goes to the program at ${place.host}. That program may run the model itself or pass the text on to somebody else: Bulkhead cannot see which.`;
      case "through":
        return `The program at ${place.host} passes the text on: the model runs at ${place.to}.`;
      case "host":
        return "";
    }
  },
  whatGoes: "If you send, this goes there:",
} as const);
