/**
 * Cases that may fail. Either the peer breaks the draft: then the sentence that it breaks stands
 * here. Or the relay does not do yet what the case needs: then the case is pending. Each entry holds
 * for the failure that it describes and for no other.
 */

const EXCUSES = [
  {
    peers: "moq-transport",
    name: "TRACK_STATUS before SUBSCRIBE",
    failure: /connection error: closed/,
    because: "it sends TRACK_STATUS on its control stream",
    section: "10",
    sentence: 'Messages marked "First" MUST be the first message on a new request stream.',
  },
  {
    peers: "moq-net → moq-js",
    name: "publish and subscribe",
    failure: /^(buffer is empty|unexpected end of stream|trailing bytes in message parameter Location)$/,
    because: "it reads a length before LARGEST_OBJECT, which every track has that had objects before",
    section: "10.2",
    sentence: "Location: Two consecutive varints (Group, Object)",
  },
];

/** What excuses a case that failed with this message, if there is one. */
export const excuseFor = ({ peers, name }, message) =>
  EXCUSES.find((excuse) => excuse.peers === peers && excuse.name === name && excuse.failure.test(message));
