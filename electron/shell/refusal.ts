/** An expected failure of the shell with words for a person; crosses to the host and to windows as `{ code, message }`. */
export class ShellRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "ShellRefusal";
    this.code = code;
  }
}
