// Made by Syncline from syncline.toml. Do not edit.

/** The preload script: gives the page four functions, and nothing of Electron's own. */

import type { ContextBridge, IpcRenderer, IpcRendererEvent } from "electron";

import { CHANNELS, type PlainState, type SyncBridge } from "./ipc";

/** Call it in the preload script as `exposeSync(contextBridge, ipcRenderer)`; the page finds `window.syncline`. */
export function exposeSync(contextBridge: Pick<ContextBridge, "exposeInMainWorld">, ipcRenderer: Pick<IpcRenderer, "invoke" | "on" | "off">): void {
  const bridge: SyncBridge = {
    enable: () => ipcRenderer.invoke(CHANNELS.enable) as Promise<PlainState>,
    disable: () => ipcRenderer.invoke(CHANNELS.disable) as Promise<PlainState>,
    status: () => ipcRenderer.invoke(CHANNELS.status) as Promise<PlainState>,
    onStatus(listener) {
      // The event itself must not reach the page: it leads back to ipcRenderer.
      const told = (_: IpcRendererEvent, state: PlainState) => listener(state);
      ipcRenderer.on(CHANNELS.changed, told);
      return () => void ipcRenderer.off(CHANNELS.changed, told);
    },
  };
  contextBridge.exposeInMainWorld("syncline", bridge);
}
