"""Label wordings: what columns and form fields are called, in English, French and the short forms of systems.

compose() puts a role's word and a field's word together in one of many ways and writes it in one of many styles. `Field` names are those of
src/census/structure/field.h. Wordings are separated by "|".
"""
import re

# field: English, French, system names. Sources: see docs/census/structure.md ("The weights").
FIELDS = {
    "full_name": ("Name|Full name|Legal name|Name (last, first)|Name in full|Surname, given names|Printed name|Name as on file|Name of person|Full legal name|Contact name|Name on card",
                  "Nom|Nom complet|Nom et prénom|Prénom et nom|Nom, prénom|Nom au dossier|Nom légal|Nom de la personne", "NAME|FULL_NM|NM|LEGAL_NAME|DISPLAY_NAME|NAME_LF|FULLNAME|PERS_NM|LASTFIRST|NAME_DISPLAY|PAT_NAME|CUST_NAME|NAME1"),
    "first_name": ("First name|Given name|Given|Forename|First|Christian name|Given name(s)|Legal first name|Preferred first name", "Prénom|Prénoms|Prénom usuel|Prénom légal",
                   "FNAME|FIRST_NM|GIVEN_NM|FRST|FST_NAME|F_NAME|GIVEN|FIRST|FIRSTNAME|FIRST_NAME|VORNA|GIVENNAME|NAME_FIRST|CONTACT_FIRST"),
    "last_name": ("Last name|Surname|Family name|Last|Family|Legal surname|Legal last name", "Nom de famille|Nom|Patronyme|Nom légal",
                  "LNAME|LAST_NM|SURNAME|SNAME|LST_NAME|FAM_NM|LAST|SUR_NM|LASTNAME|LAST_NAME|NACHN|SN|NAME_LAST|CONTACT_LAST"),
    "middle_name": ("Middle name|Middle|Second name|Initial|MI|Middle initial|Other given names", "Deuxième prénom|Initiale|Autres prénoms", "MNAME|MI|MID_INIT|MIDDLE|MIDDLE_NAME|MIDDLEINITIAL|NAME_MID"),
    "former_name": ("Maiden name|Former name|Previous surname|Also known as|Birth surname|Other names used", "Nom de jeune fille|Nom à la naissance|Autres noms", "MAIDEN_NM|FORMER_NM|AKA|PREV_NM|NEE|ALIAS_NM"),
    "birth_date": ("Date of birth|DOB|Birth date|Birthdate|Born|D.O.B.|Born on|Birthday|Birth|Date born|Date of birth (yyyy/mm/dd)|DOB (d/m/y)|Birth day", "Date de naissance|Né(e) le|Naissance|DDN|Né le|Née le|D.D.N.|Date de naiss.|Date de naissance (aaaa-mm-jj)",
                   "DOB|BIRTH_DT|BDATE|BRTH_DT|DT_BIRTH|DATE_NAISS|BIRTHDT|BIRTH_D|DOB_DT|DATE_OF_BIRTH|BIRTHDATE|GBDAT|BIRTH_DATE|DTNAISS|PATIENTDOB|D_NAISS"),
    "age": ("Age|Age (yrs)|Years|Age at visit", "Âge|Âge (ans)", "AGE|AGE_YRS|PT_AGE|AGE_YEARS"),
    "sex": ("Sex|Gender|M/F|Legal gender|Sex at birth", "Sexe|Genre", "SEX|GNDR|GENDER_CD|GENDER|SEX_CD|GESCH"),
    "death_date": ("Date of death|Died|Deceased on|DOD", "Date du décès|Décédé(e) le", "DEATH_DT|DOD|DEC_DT|DEATH_DATE|DT_OF_DEATH"),
    "deceased": ("Deceased|Deceased?|Alive/deceased|Deceased (y/n)", "Décédé(e)|Décès", "DECEASED|DEC_IND|DEATH_FLG|DECEASED_FLAG"),
    "address": ("Address|Home address|Mailing address|Residence|Lives at|Residential address|Street address|Where living|Address in full|Civic address|Current address|Permanent address|Address for service|Address of residence|Legal address",
                "Adresse|Adresse postale|Domicile|Adresse du domicile|Résidence|Demeurant au|Adresse complète|Adresse de correspondance|Adresse municipale",
                "ADDR|ADDRESS|MAIL_ADDR|RES_ADDR|ADDR_FULL|ADDRESS_1|ADR|SITEADDR|FULL_ADDRESS|PSTLADDRESS|MAILING_ADDRESS|PROP_ADDR|HOMEADDRESS|RESIDENTIAL_ADDR"),
    "street": ("Street|Street address|Address line 1|Street and number|Street name|Home street|Mailing street", "Rue|No et rue|Nom de la rue|Voie", "STREET|ADDR1|STR_NM|ADDR_LN_1|ST_NAME|STREET_NM|ADDRESS1|STREETNAME|MAILINGSTREET|STRAS|NOM_RUE|RD_NAME|HOME_STREET|STREET_NAME|ODONYME|FULLNAME_ST"),
    "street_number": ("House number|Street no.|Civic no.|House #|Street number|Civic number", "No civique|Numéro civique|No de porte", "STR_NO|ST_NUM|CIVIC_NO|HOUSE_NO|STREET_NUM|HOUSENUM|STREET_NO|CIVIC_NUM|ADDNUM|NO_CIVIQ|ST_NO|HOUSE_NUMBER"),
    "unit": ("Apt|Unit|Suite|Apt/unit|Apt. no.|Unit no.|Apartment", "App.|Appartement|No d'appartement|Bureau", "APT|UNIT|UNIT_NO|SUITE|ADDR2|APT_NO|UNIT_NUM|APPART|UNITNUMBER|SUITE_NO"),
    "city": ("City|Town|Municipality|City/town|Town or city|Community|Home city|City or town", "Ville|Municipalité|Localité|Ville ou village", "CITY|CITY_NM|TOWN|MUNI|MUNICIPALITY|CTY|MAILINGCITY|COMMUNITY|MUNICIPALI|NOM_MUN|PSTLCITY|ORT01|PLACE_NAME"),
    "province": ("Province|Prov.|State|State/Province|Prov", "Province|Prov.", "PROV|PROV_CD|ST|STATE|PROVINCE|MAILINGSTATE|REGION_CD|PROVINCE_CODE|PSTLSTATE"),
    "postal_code": ("Postal code|Postal|Zip|Zip/postal|Post code|Zip or postal code", "Code postal|CP|C.P.", "POSTAL|POST_CD|ZIP|POSTALCODE|PCODE|PSTL_CD|POSTAL_CODE|MAILINGPOSTALCODE|PSTLZ|CODE_POST|ZIP_CODE|PSTLZIP5|POSTCODE"),
    "phone": ("Phone|Telephone|Tel.|Tel|Home phone|Cell|Mobile|Phone number|Cell phone|Contact number|Daytime phone|Ph.|Phone no.|Primary phone|Evening phone|Home tel.|Mobile phone|Telephone number|Day phone|Best number to reach|Alternate phone",
              "Téléphone|Tél.|Cellulaire|Tél. maison|Portable|Numéro de téléphone|No de tél.|Téléphone (domicile)|Tél. cell.|Tél. résidence",
              "PHONE|TEL|PH|HOME_PH|CELL_NO|PHONE_NUM|TEL_NO|PHN1|TELNO|MOBILE_NO|HM_PHONE|HOME_PHONE|PHONE1|CELL_PHONE|MOBILEPHONE|PRIMARY_PHONE|TELNR|PHONENUMBER|DAY_PHONE|TELEPHONE|PHONE_HOME"),
    "email": ("Email|E-mail|E-mail address|Electronic mail|Email address|Personal email|Home email|Primary email", "Courriel|Adresse courriel|Adresse électronique|Adresse de courriel", "EMAIL|EMAIL_ADDR|E_MAIL|MAIL_ID|EMAILADDRESS|EMAIL1|HOME_EMAIL|EMAIL_ADDRESS|PERSONAL_EMAIL|MAIL"),
    "sin": ("SIN|Social insurance number|S.I.N.|Social insurance no.|SIN #|National ID|Social ins. no.|Employee SIN|SIN number", "NAS|Numéro d'assurance sociale|No d'assurance sociale|N.A.S.|Assurance sociale", "SIN|SIN_NO|SOC_INS_NO|SIN_NUM|SSN_SIN|GOVT_ID|NATIONAL_ID|SIN_NBR|TAX_ID|SOCIAL_INS|NAS_NO|EMP_SIN"),
    "health_number": ("Health card|Health number|OHIP|HCN|Health card number|OHIP number|Health card no.|PHN|Provincial health number|OHIP #|Health card # and version|Health insurance number|Ontario health card|HIN",
                      "No de carte Santé|Numéro de carte santé|NAM|Assurance maladie|No d'assurance maladie|Numéro de la carte d'assurance maladie|No de carte-santé", "HCN|HC_NO|OHIP_NO|HLTH_CARD|PHN|HLTHNUM|HN|HEALTH_NO|HC_NUM|HIN|HEALTH_CARD_NO|HEALTHCARDNUMBER|HCNUM|HEALTH_NUM|OHIPNUM"),
    "education_number": ("OEN|Ontario Education Number|Education number|OEN number|MIN|Provincial student number|Ministry number|OEN/MIN", "NISO|Numéro d'immatriculation scolaire|No NISO|Code permanent|No d'immatriculation", "OEN|OEN_NUM|ED_NO|MOE_ID|OEN_NO|STATE_STUDENTNUMBER|OENNUMBER|PROV_STUDENT_NO|EDUC_NUM"),
    "drivers_licence": ("Driver's licence|Licence number|DL number|Driver licence no.|Licence #|DL|Driver's license #|Ontario licence|Operator's licence", "Permis de conduire|No de permis|Numéro de permis", "DL_NO|DRV_LIC|LIC_NUM|DLN|DRIVER_LIC|DL_NUM|DRIVERSLICENSE|LICENCE_NO|OLN"),
    "passport": ("Passport|Passport number|Passport no.|Travel document|Passport #", "Passeport|No de passeport|Numéro de passeport", "PASSPORT|PPT_NO|PASSPORT_NUM|TRAVEL_DOC|PASSPORT_NO|PASSPORTNUMBER"),
    "bank_account": ("Account number|Bank account|Account no.|Account|Direct deposit account|Acct #|Chequing account|Bank account no.|Deposit account number", "Compte|No de compte|Compte bancaire|Numéro de compte|No de compte (folio)|Folio",
                     "ACCT|ACCT_NO|BANK_ACCT|ACCOUNT_NUM|ACCT_NUM|BANKN|ACCOUNT_EC_ID|ACCOUNT_NBR|BANK_ACCOUNT_NO|ACCTNO"),
    "bank_institution_and_transit": ("Transit|Bank/transit|Branch transit|Institution and transit|Transit number|Bank and branch|Institution no.", "Transit|Domiciliation|No de transit|Institution et transit", "TRANSIT|BANK_TRANSIT|TRN_INST|BANKL|BANK_CD|BRANCH_EC_CD|TRANSIT_NO|INST_TRANSIT"),
    "payment_card": ("Credit card|Card number|Visa number|Card no.|Credit card number|MasterCard/Visa|Card #", "Carte de crédit|No de carte|Numéro de carte de crédit", "CC_NO|CARD_NUM|CREDIT_CARD|PAN|CARD_NO|CC_NUMBER|CARDNUMBER|CCNUM"),
    "property_roll": ("Roll number|Roll no.|Assessment roll|ARN|Assessment number|Tax roll|Roll #|Assessment roll number", "Numéro de rôle|No de rôle|Matricule du rôle|No matricule", "ROLL|ROLL_NO|ARN|ROLLNUM|ASSMT_NO|ROLL_NUMBER|PARCEL_ROLL|TAXROLL"),
    "grade": ("Grade|Gr.|Year|Level|Grade level|Form|Current grade|Year group", "Année|Niveau|Degré|Année scolaire|Niveau scolaire", "GRADE|GR|GRD_LVL|GRADE_CD|GRADE_LEVEL|CURR_GRADE|YEARGROUP|ENTRY_GRADE"),
    "homeroom": ("Homeroom|Class|Room|HR|Section|Home room|Home form|Class section", "Classe|Groupe|Foyer|Groupe-repère", "HR|CLASS_CD|HOMEROOM|RM|HOME_ROOM|SECTION_NUMBER|CLASS_SECTION|ROOM_NO"),
    "diagnosis": ("Diagnosis|Condition|Reason for visit|Complaint|Medical condition|Presenting problem|Medical alert|Health concerns|Chief complaint|Admitting diagnosis|Medical conditions|Medical history|Illness", "Diagnostic|Motif|Problème de santé|État de santé|Motif de consultation|Antécédents",
                  "DX|DIAG|COND|CHIEF_COMPL|MED_ALERT|PROBLEM|ADMIT_DX|PRIMARY_DX|DIAGNOSIS_1|ALERT_MEDICAL|DX_DESC|REASON_FOR_VISIT|DIAGNOSIS"),
    "allergy": ("Allergies|Allergy|Known allergies|Allergies (food, drug)", "Allergies|Allergies connues", "ALLERGY|ALLERG|ALG|ALLERGIES|ALLERGY_DESC"),
    "position": ("Position|Job title|Title|Occupation|Role|Post held|Classification|Position title", "Poste|Fonction|Titre|Profession|Titre d'emploi|Emploi", "JOB|POSN|JOB_TITLE|OCCUP|TITLE|POSITION_NBR|JOBTITLE|PLANS|POSITION_TITLE|JOB_CD|JOB_DESC"),
    "salary": ("Salary|Annual salary|Pay rate|Wage|Gross pay|Earnings|Hourly rate|Base pay|Annual rate", "Salaire|Traitement|Rémunération|Salaire annuel|Taux horaire", "SALARY|PAY_RT|GROSS|SAL_AMT|ANNUAL_RT|BASE_PAY|HOURLY_RT|COMPRATE|ANSAL|ANNUALSALARY|GROSS_PAY"),
    "employee_number": ("Employee number|Employee ID|Emp no.|Staff number|Badge|Personnel number|Payroll number|Employee #|Emp. ID", "No d'employé|Matricule|Numéro d'employé", "EMP_ID|EMPNO|BADGE_NO|PERS_NO|EMPLID|PERNR|EMPLOYEE_ID|STAFFNO|PAYROLL_NO|EMPLOYEENUMBER|EMP_NUM"),
    "religion": ("Religion|Faith|Religious affiliation|Denomination", "Religion|Appartenance religieuse|Culte", "RELIGION|FAITH|RELIG_CD|DENOM|RELIGION_CD"),
    "password": ("Password|Temp password|Login password|Initial password|PIN", "Mot de passe|Code d'accès", "PWD|PASSWORD|PASSWD|TMP_PW|USERPASSWORD|PW|WEB_PASSWORD"),
    "relationship": ("Relationship|Relation|Relationship to child|Rel.|Relationship to patient|Relationship to employee", "Lien|Lien de parenté|Relation|Lien avec l'enfant", "RELN|REL_CD|RELATION|RELATIONSHIP|REL_TYPE|RELATIONSHIP_TYPE"),
    "note": ("Notes|Comments|Remarks|Description|Details|Product|Item name|Subject|Task|Action|Topic|Outcome|Comment|Follow-up|Instructions|Model|Observations", "Remarques|Commentaires|Description|Article|Objet|Sujet|Observations|Détails", "NOTE|RMK|COMMENT|DESCR|TXT|ITEM_NM|DESC1|COMMENTS|NOTES|DESCRIPTION|MEMO|ITEM_DESC|PRODUCT_NAME"),
    "other_number": ("No.|#|ID|File no.|Reference|Case number|Ref|Invoice|Seq|Serial number|Order no.|Quantity|Qty|Amount|Total|Balance|Count|Hours|Units|Score|Points|Assessed value|Chart no.|Account ref|Batch|Visit no.|Line|Price|Unit price|Amount owing|Taxes due|Part no.|Barcode|Cost centre|Latitude",
                     "No|Numéro|Dossier|No de dossier|Référence|Montant|Quantité|Solde|Total|Heures|No de facture|Prix|Pointage|Arriérés|Évaluation", "ID|SEQ|REC_NO|REF|CASE_ID|TRANS_ID|LINE_ID|AMT|QTY|TOT|VAL|KEY|ROW_ID|UUID|GUID|BAL|OBJECTID|CHART_NO|MRN|VISIT_ID|INVOICE_NO|STUDENT_ID|PAT_MRN_ID|ENC_NO|BATCH_NO|BALANCE_DUE|PARTNO|UPC|FILE_NO"),
    "other_date": ("Date|Visit date|Start date|End date|Appointment|Updated|Created|Due date|Last seen|Date received|Time|Issued|Expiry|Enrolled|Hire date|Admission date|Date of last visit|Discharged|Paid on|Last dose", "Date|Date de visite|Début|Fin|Échéance|Reçu le|Heure|Date d'embauche|Date d'admission|Dernière visite|Date d'expiration",
                   "DT|CREATED_DT|UPD_DT|START_DT|TIMESTAMP|VISIT_DT|LAST_UPD|EXP_DT|EFF_DT|HIRE_DT|ADMIT_DATE|ENTRYDATE|EXITDATE|EFFDT|SERVICE_DATE|DISCH_DT|LAST_PAID_DT|CREATED_AT|MODIFIED_ON"),
    "organisation": ("School|Agency|Organization|Employer|Company|Department|Unit name|Site|Location|Branch|Team|Program|Service|Status|Category|Type|Code|Colour|Language|Region|Ward|Active|Consent|Facility|Division|Clinic|Warehouse|Supplier|Bus route|Plan|Marital status|Hospital|Country|First language",
                     "École|Organisme|Employeur|Service|Ministère|Emplacement|Équipe|Programme|Statut|Catégorie|Type|Langue|Établissement|Direction|État civil|Fournisseur|Langue maternelle", "SCH|SCH_CD|ORG|DEPT|SITE|LOC_CD|STATUS|CAT|TYP|FLG|CD|LANG|ACTIVE_FLG|PGM|SCHOOLID|DEPTID|FACILITY|ENROLL_STATUS|DIVISION|UNION_CD|WERKS|PAYGROUP|WARD_CD|SUPPLIER|MARITAL_ST|COUNTRY_CD"),
}
# Names that systems put together: any of the first with any of the last. Fields of one subject are often all named so.
SYSTEM_PARTS = {
    "full_name": ("FULL|DISPLAY|LEGAL|PRINT|COMPL", "NAME|NM|NOM"),
    "first_name": ("FIRST|GIVEN|FRST|FST|FORE|LEGAL_FIRST|PREF_FIRST", "NAME|NM"),
    "last_name": ("LAST|FAMILY|SUR|LST|FAM|LEGAL_LAST", "NAME|NM"),
    "middle_name": ("MIDDLE|MID|SECOND|OTHER", "NAME|NM|INIT|INITIAL"),
    "former_name": ("MAIDEN|FORMER|PREV|BIRTH|ALIAS", "NAME|NM|SURNAME"),
    "birth_date": ("BIRTH|BRTH|DOB|BORN|NAISS", "DATE|DT|DAY|YMD|ON"),
    "death_date": ("DEATH|DECEASED|DTH|DECES", "DATE|DT|ON"),
    "deceased": ("DECEASED|DEATH|DECD", "FLAG|IND|YN|FLG"),
    "sex": ("SEX|GENDER|GNDR|SEXE", "CD|CODE|DESC"),
    "age": ("AGE", "YRS|YEARS|AT_VISIT|CALC"),
    "address": ("ADDR|RES|MAIL|MAILING|CURR|PERM|LEGAL|CIVIC", "ADDRESS|ADDR_FULL|ADDR_TXT|ADDRESS_1|ADDR_1|ADR"),
    "street": ("ADDR|RES|MAIL|MAILING|HOME|CIVIC", "STREET|STR|STREET_NM|LINE1|LINE_1|STR_NAME|RUE|ROAD"),
    "street_number": ("ADDR|STREET|HOUSE|CIVIC|BLDG|RES|MAIL|STRT|PROP", "NUM|NUMBER|NBR|NUMERO|NMBR"),
    "unit": ("RES|MAIL|BLDG|SUITE|UNIT|APPT", "UNIT|NO|APT|NUM|APT_NO"),
    "city": ("ADDR|RES|MAIL|HOME|MAILING|CURR", "CITY|TOWN|MUNI|CTY|VILLE|CITY_NM"),
    "province": ("ADDR|RES|MAIL|HOME|MAILING|CURR", "PROV|PROVINCE|STATE|PROV_CD"),
    "postal_code": ("ADDR|RES|MAIL|POST|HOME|MAILING|CURR", "POSTAL|ZIP|CODE|PCODE|POSTAL_CD|PSTL|CP|ZIP_CD"),
    "phone": ("HOME|CELL|MOBILE|PRIM|DAY|RES|ALT|EVE|MAIN|PERS|DAYTIME|PREF", "PHONE|PH|TEL|PHONE_NO|TEL_NUM|TELNO|PHN|PH_NUM|PHONE_NBR"),
    "email": ("HOME|PRIM|ALT|PREF|PRIVATE|MAIN", "EMAIL|MAIL|EMAIL_ADDR|EMAIL_ADDRESS|COURRIEL|E_MAIL"),
    "sin": ("SIN|SOC_INS|NATIONAL|GOVT|TAXPAYER|SOCIAL|NAS", "NO|NUM|NBR|NUMBER|IDENT"),
    "health_number": ("HEALTH|HLTH|HC|OHIP|PROV_HEALTH|HEALTH_CARD|HEALTH_INS|CARTE_SANTE", "NO|NUM|NBR|NUMBER|CARD|CARD_NO"),
    "education_number": ("OEN|EDUC|MINISTRY|PROV_EDUC|PROV_STUDENT|ONT_EDUC", "NO|NBR|NUMBER|CODE"),
    "drivers_licence": ("DL|DRIVER|DRV|LICENCE|LIC|DRIVERS_LIC|PERMIS", "NO|NUM|NBR|NUMBER|LICENCE"),
    "passport": ("PASSPORT|PPT|TRAVEL_DOC|PASSPT", "NO|NUM|NBR|NUMBER"),
    "bank_account": ("ACCT|BANK|ACCOUNT|DEPOSIT|DIR_DEP|BANK_ACCOUNT|PAY", "ACCT|ACCOUNT|ACCT_NO|ACCT_NUM|ACCOUNT_NO|ACCT_NBR|FOLIO"),
    "bank_institution_and_transit": ("BANK|BRANCH|DEPOSIT|DIR_DEP|INST", "TRANSIT|BRANCH|TRANSIT_NO|INST_TRANSIT|INSTITUTION|ROUTING"),
    "payment_card": ("CC|CARD|CREDIT|CR_CARD|VISA|PAY_CARD", "NO|NUM|NBR|NUMBER|PAN"),
    "property_roll": ("ROLL|ASSMT|ASSESS|TAX|PROP", "ROLL|ROLL_NO|ROLL_NUM|ROLL_NBR"),
    "grade": ("GRADE|GRD|CURR|CURRENT|ENROL|SCH", "GRADE|GRD|LEVEL|LVL|GRADE_CD"),
    "homeroom": ("HOME|CLASS|SECTION|HR|HOMEROOM", "ROOM|CD|SECTION|ROOM_NO|CLASS|GROUP"),
    "diagnosis": ("DX|DIAG|DIAGNOSIS|PRIMARY|ADMIT|MED|COMPLAINT|PRESENTING", "DX|DESC|DIAG|CONDITION|PROBLEM|COMPLAINT|REASON|TEXT"),
    "allergy": ("ALLERGY|ALRG|ALLERG|MED", "DESC|ALLERGY|LIST|ALLERGIES|TEXT"),
    "position": ("JOB|POSITION|POSN|OCCUP|TITLE|EMP|WORK|POST", "TITLE|DESC|POSITION|CLASS|TITLE_NM|JOB_DESC|FUNCTION"),
    "salary": ("SALARY|SAL|PAY|ANNUAL|BASE|GROSS|HOURLY|WAGE|EARN", "RATE|AMT|PAY|SALARY|RT|EARNINGS|WAGE"),
    "employee_number": ("EMP|EMPLOYEE|STAFF|PERSONNEL|PAYROLL|WORKER", "NO|NUM|NBR|NUMBER|ID|IDENT"),
    "religion": ("RELIGION|FAITH|RELIG|DENOM", "CD|DESC|CODE|NM"),
    "password": ("PASSWORD|PWD|USER|LOGIN|WEB|TEMP", "PASSWORD|PWD|PASS|PW"),
    "relationship": ("RELATION|REL|RELN|KIN", "TYPE|CD|DESC|TO_CLIENT"),
    "note": ("COMMENT|NOTE|REMARK|ITEM|PRODUCT|TASK", "TEXT|TXT|DESC|1|LINE"),
    "other_number": ("REC|LINE|TRANS|INVOICE|CASE|FILE|VISIT|ORDER|BATCH|SEQ|REF|ITEM|LOT", "NO|NUM|NBR|AMT|QTY|CNT|TOTAL|SEQ|BAL|KEY"),
    "other_date": ("VISIT|START|END|HIRE|ADMIT|DISCH|CREATED|UPDATED|ENTRY|EXIT|EXP|EFF|DUE|PAID|SERVICE|LAST_SEEN|TERM", "DATE|DT|TS|TIME|ON"),
    "organisation": ("SCHOOL|SCH|DEPT|SITE|LOC|STATUS|REC|PGM|UNIT|FACILITY|WARD|ORG|LANG|REGION|CLASS_OF_SVC", "CD|NM|NAME|CODE|DESC|TYPE|STATUS|FLG"),
}
# role: English, French, system words
ROLES = {
    "self": ("", "", ""),
    "student": ("Student|Learner|Pupil", "Élève|Étudiant|Élève inscrit", "STU|STDNT|ST|STUDENT|STUD"), "patient": ("Patient|Client|Resident", "Patient|Usager|Bénéficiaire", "PT|PAT|CLT|PATIENT|RESIDENT"),
    "client": ("Client|Applicant|Claimant|Registrant|Insured|Recipient|Policy holder", "Client|Demandeur|Requérant|Prestataire|Assuré", "CLI|APPL|CLNT|CLIENT|CLAIMANT|INSRD"), "employee": ("Employee|Worker name|Staff member", "Employé|Salarié|Personne salariée", "EMP|EE|WRKR|EMPLOYEE|EMPL"),
    "member": ("Member|Participant|Camper|Player|Donor|Volunteer|Subscriber|Account holder|Card holder|Swimmer", "Membre|Participant|Abonné|Titulaire du compte|Joueur|Bénévole", "MBR|PARTIC|CUST|MEMBER|DONOR|VOL"),
    "child": ("Child|Child's|Dependant|Son/daughter|Dependent", "Enfant|De l'enfant|Personne à charge", "CHLD|DEP|CHILD|DEPN"),
    "guardian": ("Parent|Guardian|Parent/guardian|Mother|Father|Mom|Dad|Custodial parent|Caregiver|Legal guardian|Mother or guardian|Father or guardian|Parent or guardian|Step-parent|Foster parent|Custodian|Responsible adult", "Parent|Parent ou tuteur|Mère|Père|Tuteur|Titulaire de l'autorité parentale|Répondant|Parent répondant",
                 "PAR|GRDN|G|PARENT|GUARD|MOTHER|FATHER|GUARDIAN|PG|CONTACT_PARENT|MTHR|FTHR|GUARANTOR"),
    "spouse": ("Spouse|Partner|Husband/wife|Co-applicant|Common-law partner", "Conjoint|Époux|Conjoint(e)|Conjoint de fait", "SPSE|SP|PARTNER|SPOUSE|COAPP"),
    "emergency_contact": ("Emergency contact|Next of kin|In case of emergency|Emergency|Contact person|Person to notify|Notify in emergency|Alternate contact", "Personne à prévenir|Contact d'urgence|En cas d'urgence|Plus proche parent|Personne à contacter", "EC|NOK|EMERG|ICE|EMERGENCY|EMERG_CONTACT|EMERGCNT"),
    "staff": ("Teacher|Physician|Family doctor|Worker|Case worker|Supervisor|Manager|Nurse|Doctor|Caseworker|Counsellor|Coach|Completed by|Interviewer|Intake worker|Homeroom teacher|Principal|Provider|Reports to|Assigned to|Attending|Social worker|Prepared by|Approved by|Referring physician|Pharmacist",
              "Enseignant|Médecin|Intervenant|Superviseur|Médecin de famille|Enseignante|Gestionnaire|Médecin traitant|Préparé par|Directeur|Travailleuse sociale|Supérieur immédiat", "DR|CSWKR|MGR|SUPV|MD|PHYS|WRKR|TEACHER|PROVIDER|PCP|MANAGER_NM|MRP|ATTENDING|SUPERVISOR|REPORTS_TO|ASSIGNED_TO|ADVISOR"),
    "owner": ("Owner|Registered owner|Owner name|Ratepayer|Taxpayer|Property owner|Title holder", "Propriétaire|Contribuable|Propriétaire inscrit", "OWNER|OWN|OWNR|OWNER_NM|OWNERNME|TAXPAYER"),
}
SELF_ROLES = ("student", "patient", "client", "employee", "member")
SUBJECT_OF_ROLE = {**{role: role for role in ROLES}, **{role: "self" for role in SELF_ROLES}}


def words(text, random):
    return random.choice(text.split("|"))


def styled(label, language, random):
    """The label as some hand or system writes it."""
    roll = random.random()
    if language == "system":
        if roll < .2:
            return label.title().replace("_", "")
        return label.lower() if roll < .4 else label.replace("_", " ") if roll < .5 else label
    if roll < .12:
        return label.upper()
    if roll < .2:
        return label.lower()
    if roll < .25:
        return label.title()
    if roll < .29:
        return re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_") or label
    if roll < .33:
        return re.sub(r"(?<=[b-df-hj-np-tv-z])[aeiou](?=[b-df-hj-np-tv-z])", "", label)  # vowels left out
    return label


def compose(field, role, language, random, ordinal=0, bare=False):
    """A label for `field` of `role`; `bare` leaves the role's word out, as under a group header."""
    column = {"en": 0, "fr": 1, "system": 2}[language]
    what = words(FIELDS[field][column], random)
    if language == "system" and field in SYSTEM_PARTS and random.random() < .4:
        what = "_".join(words(part, random) for part in SYSTEM_PARTS[field])
    who = words(ROLES[role][column], random) if role in ROLES and ROLES[role][column] else ""
    number = str(ordinal) if ordinal else ""
    if bare or not who:
        label = what
    elif field == "full_name" and random.random() < .6:
        label = f"{who}{' ' if language != 'system' and number else ''}{number}"
        if random.random() < .3:
            label += {"en": " name", "fr": " (nom)", "system": "_NM"}[language]
    elif language == "system":
        label = f"{who}{number}_{what}"
    elif language == "fr":
        label = random.choice((f"{what} {who.lower()} {number}", f"{what} - {who} {number}", f"{who} {number} - {what.lower()}")).strip()
    else:
        owner = f"{who} {number}".strip()
        label = random.choice((f"{owner} {what.lower()}", f"{owner} {what}", f"{owner}'s {what.lower()}", f"{what} of {owner.lower()}", f"{what} ({owner.lower()})", f"{owner} - {what}"))
    if random.random() < .05 and language != "system":
        label = random.choice((label + " *", label + " (required)", label + " / " + words(FIELDS[field][1 - column], random)))
    return styled(label, language, random)
