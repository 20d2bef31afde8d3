export { BatchedWrapper } from './base.ts';
export { EpisodeStatistics, type Episodes } from './episode-statistics.ts';
export {
  loadStatistics,
  NormaliseObservations,
  type NormaliseOptions,
  type ObservationStatistics,
  observationStatistics,
  saveStatistics,
} from './normalise-observations.ts';
export { RescaleActions } from './rescale-actions.ts';
