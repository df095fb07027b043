/** Leads to the first field that a form refuses, once it is marked: where to go on should not have to be looked for. */
export const goToFirstProblem = (form: HTMLElement | null): void => {
  requestAnimationFrame(() =>
    form
      ?.querySelector<HTMLElement>(
        '[aria-invalid="true"]:not([role=radiogroup]), [role=radiogroup][aria-invalid="true"] [role=radio]',
      )
      ?.focus(),
  );
};
