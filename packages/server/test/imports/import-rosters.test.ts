import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTrial, rowOn, type ImportTrial } from './import-trial.ts';
import { packZip } from './pack-zip.ts';

let trial: ImportTrial;
beforeEach(async () => void (trial = await openTrial()));
afterEach(() => trial.close());

const people = async () => {
  const rows = await trial.desk.runner.db.selectFrom('people').selectAll().orderBy('schoolId').execute();
  return rows.map((person) => [person.schoolId, person.barcode, person.kind, person.gradeLevel, person.section, person.active]);
};

describe('OneRoster', () => {
  it('[IMP1] 1.1 as a table: students and teachers come in, parents are told why not', async () => {
    const result = await trial.apply('students', 'sourcedId,status,enabledUser,role,username,givenName,familyName,identifier,grades\r\nu1,,TRUE,student,a.b,Ann,Berg,700123,09\r\nu2,,TRUE,teacher,c.d,Carl,Dahl,,\r\nu3,,TRUE,parent,e.f,Eva,Fors,,\r\nu4,,FALSE,student,g.h,Gil,Holm,,KG\r\n');
    expect(result).toMatchObject({ format: 'ONEROSTER', counts: { create: 3, reject: 1 } });
    expect(rowOn(result, 4).reasons).toEqual([expect.stringContaining('parent')]);
    expect(await people()).toEqual([['u1', '700123', 'STUDENT', '9', null, 1], ['u2', 'u2', 'PERSONNEL', null, null, 1], ['u4', 'u4', 'STUDENT', 'KINDER', null, 0]]);
  });

  it('[IMP1] 1.2 as a ZIP: roles from their own file, the section from the homeroom', async () => {
    const zip = packZip([
      { name: 'export/users.csv', content: 'sourcedId,givenName,familyName,grades\nu1,Ann,Berg,"11,12"\nu2,Carl,Dahl,\n' },
      { name: 'export/roles.csv', content: 'sourcedId,userSourcedId,roleType,role\nr1,u1,primary,student\nr2,u2,primary,student\nr3,u2,secondary,teacher\n' },
      { name: 'export/classes.csv', content: 'sourcedId,title,classType\nc1,St. Anne,homeroom\nc2,Physics,scheduled\n' },
      { name: 'export/enrollments.csv', content: 'sourcedId,classSourcedId,userSourcedId,role\ne1,c1,u1,student\ne2,c2,u1,student\ne3,gone,u2,student\n' },
    ]);
    expect((await trial.apply('students', zip)).counts).toMatchObject({ create: 2, review: 0 });
    expect(await people()).toEqual([['u1', 'u1', 'STUDENT', '12', 'St. Anne', 1], ['u2', 'u2', 'PERSONNEL', null, null, 1]]);
  });

  it('[IMP1] a ZIP without people says what it holds', async () => {
    await expect(trial.preview('students', packZip([{ name: 'orgs.csv', content: 'a,b\n' }, { name: 'courses.csv', content: 'a,b\n' }]))).rejects.toThrow(/no users.csv.*orgs.csv, courses.csv/);
  });
});

it('[IMP1] Koha patrons: the card number is the id, the category tells the kind', async () => {
  const result = await trial.apply('students', 'cardnumber,surname,firstname,branchcode,categorycode,sort1,sex\n0042,Berg,Ann,MAIN,ST,St. Anne,F\n0043,Dahl,Carl,MAIN,T,,M\n');
  expect(result).toMatchObject({ format: 'KOHA', counts: { create: 1, review: 1 } });
  expect(rowOn(result, 2).reasons).toEqual(['no grade level']);
  expect(await people()).toEqual([['0042', '0042', 'STUDENT', null, 'St. Anne', 1], ['0043', '0043', 'PERSONNEL', null, null, 1]]);
});

it('[IMP1] Microsoft SDS: the student number is on the card', async () => {
  const result = await trial.apply('students', 'SIS ID,School SIS ID,First Name,Last Name,Username,Student Number,Grade,Status\n13007,1,Ora,Klein,oklein,13012,9,Active\n13008,1,Beu,Mac,bmac,13013,10,Inactive\n');
  expect(result).toMatchObject({ format: 'MICROSOFT_SDS', counts: { create: 2 } });
  expect(await people()).toEqual([['13007', '13012', 'STUDENT', '9', null, 1], ['13008', '13013', 'STUDENT', '10', null, 0]]);
});

it('[IMP1] a sheet of their own making: aliases, one name column, columns mapped by hand', async () => {
  const result = await trial.apply('students', 'Nr;Complete name;Year level\n0007;Dela Cruz, Ana;Grade 7\n', { mapping: { schoolId: 'Nr' } });
  expect(result).toMatchObject({ format: 'TABLE', delimiter: ';', counts: { create: 1 } });
  expect(await trial.desk.runner.db.selectFrom('people').select(['schoolId', 'surname', 'givenName', 'gradeLevel']).execute()).toEqual([{ schoolId: '0007', surname: 'Dela Cruz', givenName: 'Ana', gradeLevel: '7' }]);
});

it('[IMP1] catalogue records are no people', async () => {
  await expect(trial.preview('students', '<collection xmlns="http://www.loc.gov/MARC21/slim"/>')).rejects.toThrow(/kind=books/);
});
