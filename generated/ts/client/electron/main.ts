// Made by Syncline from syncline.toml. Do not edit.

/** The main process: owns the database and the connection, and tells the windows. */

import type { IpcMain, IpcMainInvokeEvent, WebContents } from "electron";

import type { SyncStatusWatch } from "../status";
import { CHANNELS, type PlainState } from "./ipc";

export interface ServeOptions {
  /** `ipcMain` of electron. */
  ipcMain: Pick<IpcMain, "handle" | "removeHandler">;
  /** The pages that are told: `() => BrowserWindow.getAllWindows().map((it) => it.webContents)`. */
  pages: () => Pick<WebContents, "send" | "isDestroyed">[];
  /** Is this page the app's own? What others ask is refused. */
  trusts: (url: string) => boolean;
  status: SyncStatusWatch;
  connect: () => void;
  disconnect: () => Promise<void>;
}

/** Answers the app's windows. Returns what ends that. */
export function serveSync({ ipcMain, pages, trusts, status, connect, disconnect }: ServeOptions): () => void {
  const state = (): PlainState => ({ ...status.current, error: status.current.error?.message });
  const handle = (channel: string, work: () => void | Promise<void>) => {
    ipcMain.handle(channel, async (event: IpcMainInvokeEvent) => {
      const url = event.senderFrame?.url;
      if (url === undefined || !trusts(url)) throw new Error("this page may not ask about synchronisation");
      await work();
      return state();
    });
  };
  handle(CHANNELS.enable, connect);
  handle(CHANNELS.disable, disconnect);
  handle(CHANNELS.status, () => undefined);
  const stop = status.subscribe(() => {
    for (const page of pages()) if (!page.isDestroyed()) page.send(CHANNELS.changed, state());
  });
  return () => {
    stop();
    for (const channel of [CHANNELS.enable, CHANNELS.disable, CHANNELS.status]) ipcMain.removeHandler(channel);
  };
}
