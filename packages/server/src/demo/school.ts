import type { Random } from './random.ts';

// An invented school of the size CLMS is made for: nobody in it exists.

const SURNAMES = ('Abad Agbayani Alcantara Almario Antonio Aquino Arellano Balagtas Baluyot Bautista Belmonte Bonifacio Cabrera Calderon Catacutan Concepcion Cordero Cruz Dalisay Dimaguiba ' +
  'Dizon Domingo Enriquez Escudero Estrada Evangelista Fajardo Ferrer Galang Gatchalian Gonzaga Guerrero Hilario Ibarra Ignacio Jacinto Lacson Lagman Legaspi Lopez Lualhati Macaraeg Magbanua ' +
  'Magsaysay Malonzo Manalastas Mañalac Marasigan Mercado Montemayor Natividad Ocampo Oliveros Ortega Padilla Pangilinan Panlilio Peñaflor Quizon Ramos Resurreccion Reyes Rivera Salonga Santos Sarmiento ' +
  'Sevilla Soliman Sumulong Tantoco Tolentino Trinidad Umali Valdez Velasco Verzosa Villanueva Yulo Zamora').split(' ');
const GIVEN = ('Aya Althea Amihan Andres Angela Bea Benjie Carlo Celeste Dalisay Danilo Diwa Elena Emilio Felisa Gabriel Gloria Hiraya Ines Isko Jasmin Jericho Juno Kalayaan Kian Lakan Lia Ligaya Luna Malaya ' +
  'Mario Mayumi Miguel Mutya Nadia Nico Noel Ofelia Paolo Perla Quino Rafa Rosa Sari Simon Tala Teodoro Ulan Vera Vito Wena Xandro Yani Zeny').split(' ');
const SECTIONS = ['Acacia', 'Banaba', 'Dao', 'Ipil', 'Kamagong', 'Molave', 'Narra', 'Tindalo', 'Yakal'];
const STRANDS = ['STEM 1', 'STEM 2', 'ABM', 'HUMSS', 'ICT'];
const GRADES = ['PRE_NURSERY', 'NURSERY', 'KINDER', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] as const;

const PUPILS = 843;
const PERSONNEL = 38;

export interface DemoPerson {
  readonly schoolId: string;
  readonly surname: string;
  readonly givenName: string;
  readonly kind: 'STUDENT' | 'PERSONNEL';
  readonly gradeLevel?: (typeof GRADES)[number];
  readonly strand?: string;
  readonly section?: string;
}

/** 843 pupils over fifteen grades and 38 of the staff. */
export function demoPeople(random: Random): DemoPerson[] {
  const name = () => ({ surname: random.pick(SURNAMES), givenName: random.next() < 0.3 ? `${random.pick(GIVEN)} ${random.pick(GIVEN)}` : random.pick(GIVEN) });
  const pupils = Array.from({ length: PUPILS }, (_, index): DemoPerson => {
    const gradeLevel = GRADES[Math.floor((index * GRADES.length) / PUPILS)]!;
    const senior = gradeLevel === '11' || gradeLevel === '12';
    return { schoolId: String(20_250_001 + index), ...name(), kind: 'STUDENT', gradeLevel, section: random.pick(SECTIONS), ...(senior && { strand: random.pick(STRANDS) }) };
  });
  const personnel = Array.from({ length: PERSONNEL }, (_, index): DemoPerson => ({ schoolId: `PN${String(index + 1).padStart(5, '0')}`, ...name(), kind: 'PERSONNEL', section: 'Staff' }));
  return [...pupils, ...personnel];
}

const OPENERS = ['The Lantern', 'A Map', 'The Last Jeepney', 'Letters', 'The Monsoon', 'A Handful', 'The Mango', 'Small Boats', 'The Clockmaker', 'Secrets', 'The Weaver', 'A Season', 'Fireflies', 'The Salt Road', 'Songs', 'The Quiet Hour'];
const CLOSERS = ['of Taal', 'for Isabela', 'under the Acacia', 'and the Sea', 'of Ordinary Stars', 'in the Rain', 'from the Mountain', 'of Sagada', 'at Noon', 'without Shadows', 'of the River', 'and Other Stories', 'of Small Things', 'beyond the Reef'];
const COLLECTIONS = [['FIC', 30], ['GC', 24], ['REF', 16], ['FIL', 10], ['TR', 9], ['EB', 6], ['R', 5]] as const;

export interface DemoBook {
  readonly barcode: string;
  readonly title: string;
  readonly author: string;
  readonly collectionCode: string;
  readonly callNumber: string;
  readonly year: string;
}

export function demoBooks(random: Random, count: number): DemoBook[] {
  return Array.from({ length: count }, (_, index) => {
    let share = random.next() * 100;
    const collectionCode = (COLLECTIONS.find(([, weight]) => (share -= weight) < 0) ?? COLLECTIONS[0])[0];
    const author = `${random.pick(SURNAMES)}, ${random.pick(GIVEN)}`;
    const year = String(random.between(1985, 2025));
    return {
      barcode: `HS${String(index + 1).padStart(5, '0')}`,
      title: `${random.pick(OPENERS)} ${random.pick(CLOSERS)}`,
      author,
      collectionCode,
      callNumber: `${collectionCode} ${random.between(100, 999)}.${random.between(1, 99)} ${author[0]}${random.between(100, 999)} ${year}`,
      year,
    };
  });
}

export const DEMO_EQUIPMENT = [
  ...Array.from({ length: 12 }, (_, index) => ({ name: `PC ${index + 1}`, type: 'COMPUTER', location: 'Main Library', seats: 1, barcode: `EQ-PC${String(index + 1).padStart(2, '0')}` })),
  ...Array.from({ length: 2 }, (_, index) => ({ name: `PS ${index + 4}`, type: 'GAMING_CONSOLE', location: 'Recreational Room', seats: 2, barcode: `EQ-PS${index + 4}`, maxMinutes: 45 })),
  ...Array.from({ length: 3 }, (_, index) => ({ name: `Study Room ${index + 1}`, type: 'STUDY_ROOM', location: 'Main Library', seats: 6, barcode: `EQ-SR${index + 1}` })),
];
