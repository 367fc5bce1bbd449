import type { Aliases } from './columns.ts';

export type BookField =
  | 'barcode' | 'callNumber' | 'title' | 'author' | 'year' | 'edition' | 'isbn' | 'place' | 'publisher' | 'collectionCode' | 'description' | 'note' | 'price' | 'location';

/** Names of the columns in the school's catalogue and the usual exports of library systems. */
export const BOOK_ALIASES: Aliases<BookField> = {
  barcode: ['Barcode', 'Accession Number', 'Accession No', 'Accession', 'Item Barcode', 'Copy Barcode'],
  callNumber: ['Call Number', 'Call No', 'Callnumber', 'Shelf Mark', 'itemcallnumber'],
  title: ['Title', 'Book Title', 'Title Proper'],
  author: ['Author', 'Authors', 'Main Author', 'Author/s', 'Writer'],
  year: ['Year', 'Copyright Year', 'Copyright', 'Publication Year', 'Year Published', 'Date of Publication', 'copyrightdate'],
  edition: ['Edition', 'Edition Statement'],
  isbn: ['ISBN', 'ISBN-10', 'ISBN-13', 'ISBN No'],
  place: ['Publication', 'Place', 'Place of Publication', 'Publication Place'],
  publisher: ['Publisher', 'Publisher Name', 'publishercode'],
  collectionCode: ['Collection Code', 'Collection', 'ccode', 'Collection Type'],
  description: ['Physical Description', 'Description', 'Pages', 'Extent'],
  note: ['Note Area', 'Note', 'Notes', 'General Note'],
  price: ['Price', 'Cost', 'Amount', 'Unit Price', 'replacementprice'],
  location: ['Location', 'Shelving Location', 'Branch'],
};
