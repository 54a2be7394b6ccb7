import type { ViewName } from "./place";
import type { MakeView } from "./view";

/** Where the views are: each is fetched when its tab is opened first. */
const MODULES: Record<ViewName, () => Promise<{ readonly make: MakeView }>> = {
  label: () => import("./label/label"),
  grid: () => import("./grid/grid"),
  map: () => import("./map/map"),
  rounds: () => import("./rounds/rounds"),
  people: () => import("./people/people"),
};

/** Fetch what makes a view. */
export async function load(name: ViewName): Promise<MakeView> {
  return (await MODULES[name]()).make;
}
