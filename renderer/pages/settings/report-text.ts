/** The report as it is copied and saved: what the host and the shell say of themselves, and their log as it stands. */
import type { ReportView } from "#bridge/app.ts";

export const reportText = ({ place, lines, about }: ReportView): string =>
  [`Bulkhead ${about.version}`, about.shell, `Node ${about.node}`, about.system, place, "", ...lines, ""].join("\n");
