/** Imported before everything else: without a listener, SIGUSR1 opens a debugger to every account of this computer. */
if (process.platform !== "win32") process.on("SIGUSR1", () => undefined);
