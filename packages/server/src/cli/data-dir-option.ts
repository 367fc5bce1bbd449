import { Option } from 'commander';

/** Which server or database a command is about, where the environment does not say it. */
export function dataDirOption(): Option {
  return new Option('--data-dir <folder>', "the server's data folder (CLMS_DATA_DIR)");
}
